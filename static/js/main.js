// The islands of script. Every page works without them; they only make it faster.
import { startCopy } from "./copy.js";
import { startCountdown } from "./countdown.js";
import { startDialogs } from "./dialogs.js";
import { startKeys } from "./keys.js";
import { startPalette } from "./palette.js";
import { startRows } from "./rows.js";
import { startSearch } from "./search.js";
import { startToasts } from "./toasts.js";
import { startView } from "./view.js";

startView();
startToasts();
startDialogs();
startCopy();
startCountdown();
startRows();
startPalette();
startSearch();
startKeys();

// After a refused form the reader lands on the summary of what to look at again.
document.querySelector(".errors")?.focus();
