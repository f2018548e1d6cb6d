"""Words outside gettext that are right as they stand, each with its reason; one that is met no more is a finding."""

NAME, KEY, CODE, LAW, MARKUP = (
    "the product's own name",
    "what is printed on the key of a keyboard",
    "an abbreviation that is the same in every language",
    "the title as the regulation has it in each language",
    "a class, an attribute or a rule of layout, which nobody reads",
)

EXCEPTIONS: dict[tuple[str, str], str] = {  # file, and how the words begin
    ("documents/rendering/ipid.py", "Informatiedocument over"): LAW,
    ("documents/rendering/ipid.py", "Informationsblatt zu"): LAW,
    ("documents/rendering/ipid.py", "Insurance Product"): LAW,
    ("templates/account/email.html", "door-wide"): MARKUP,
    ("templates/account/email/base_message.txt", "Polisdesk"): NAME,
    ("templates/applications/behalf_base.html", "behalf"): MARKUP,
    ("templates/base.html", "Polisdesk"): NAME,
    ("templates/base_account.html", "Polisdesk"): NAME,
    ("templates/base_front.html", "Polisdesk"): NAME,
    ("templates/base_office.html", "Ctrl K"): KEY,
    ("templates/base_office.html", "Polisdesk"): NAME,
    ("templates/common/keys.html", "Ctrl K"): KEY,
    ("templates/common/keys.html", "Ctrl S"): KEY,
    ("templates/common/keys.html", "Esc"): KEY,
    ("templates/common/palette.html", "Ctrl ↵"): KEY,
    ("templates/common/palette.html", "Esc"): KEY,
    ("templates/cotton/field.html", "input num"): MARKUP,
    ("templates/documents/letter.html", "root {"): MARKUP,
    ("templates/mfa/index.html", "door-wide"): MARKUP,
    ("templates/mfa/recovery_codes/index.html", "door-wide"): MARKUP,
    ("templates/mfa/webauthn/authenticator_list.html", "door-wide"): MARKUP,
    ("templates/portal/adviser_case.html", "PDF"): CODE,
    ("templates/portal/case.html", "PDF"): CODE,
    ("templates/portal/folder_base.html", "has-folder-nav"): MARKUP,
    ("templates/portal/folder_paper_list.html", "PDF"): CODE,
}
