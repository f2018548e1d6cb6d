// Before anything is drawn: the page may count on script.
document.documentElement.classList.add("js");
