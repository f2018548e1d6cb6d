"""What was reviewed: which tables a window shows the operator, and which of their columns never."""

# The operator's look-in: which module of a window shows a table. None is missing, none is written.
OPERATOR_SEES: dict[str, list[str]] = {
    "base": [
        "companies_command", "companies_confirmation", "companies_doorrule", "companies_doorruleevent",
        "companies_founding", "companies_foundingevent",
        "companies_grant", "companies_grantevent", "companies_import", "companies_importrow",
        "companies_invitation", "companies_invitationevent",
        "companies_job", "companies_link", "companies_linkevent", "companies_listchoice",
        "companies_look", "companies_lookedrow",
        "companies_membership", "companies_membershipevent", "companies_module", "companies_moduleevent",
        "companies_part", "companies_partgrouppermission",
        "companies_partuserpermission", "companies_profile", "companies_profileevent", "companies_protocol",
        "companies_protocolact", "companies_protocolactevent", "companies_protocolevent", "companies_rightuse",
        "companies_savedview", "companies_series", "companies_trailentry", "companies_website",
        "companies_websiteevent", "companies_window", "companies_windowextension", "companies_wrongcode",
        "correspondence_delivery", "correspondence_enclosure",
        "correspondence_message", "documents_case", "documents_caseevent", "documents_document", "documents_file",
        "relations_address", "relations_addressevent", "relations_appointment", "relations_appointmentevent",
        "relations_bankaccount", "relations_bankaccountevent", "relations_party", "relations_partyevent",
        "relations_partyrole", "relations_partyroleevent", "relations_proposal", "relations_proposalevent",
        "relations_merge", "relations_searchentry",
    ],
    "products": [
        "acceptance_assessment", "acceptance_assignment", "acceptance_countersignature", "acceptance_decision",
        "acceptance_reviewrequest", "applications_application", "applications_applicationevent", "applications_draft",
        "applications_upload", "products_product", "products_productchannel", "products_productchannelevent",
        "products_productevent", "products_productversion", "products_productversionevent", "products_versionpaper",
        "quotations_order", "quotations_quotation", "quotations_quotationevent",
    ],
    "policies": [
        "policies_daysum", "policies_instalment", "policies_insurershare", "policies_invoice", "policies_invoiceline",
        "policies_policy", "policies_policyevent", "policies_policyversion", "policies_premiumcomponent",
        "policies_section", "policies_withdrawal",
    ],
    "ledger": [
        "ledger_account", "ledger_allocation", "ledger_delta", "ledger_entry", "ledger_journal", "ledger_journalhead",
        "ledger_line", "ledger_openitem", "ledger_seal", "ledger_total",
    ],
}  # fmt: skip
SECRET = {  # columns of these tables open a door, or tell of every module, and no window shows them
    "companies_import": "S(company_id,counts,done_at,file_name,id,kind,made,membership_id,public_id,reconciled,rows,"
    "run,run_at,sha256,size,staged_at,state,told,user_id,why,window_id)",
    "companies_invitation": "S(administrator,company_id,door,email,expires_at,id,invited_by_id,language,membership_id,"
    "name,party_id,post,protocols,recorded_at,revoked_at,taken_at)",
    "companies_invitationevent": "S(administrator,company_id,door,email,expires_at,id,invited_by_id,language,"
    "membership_id,name,party_id,pgh_context,pgh_context_id,pgh_created_at,pgh_id,pgh_label,pgh_obj_id,post,protocols,recorded_at,"
    "revoked_at,taken_at)",
    "companies_savedview": "S(company_id,id,list_name,membership_id,public_id,recorded_at,removed_at,shared)",
    "relations_searchentry": "S(adviser_id,case_id,company_id,id,kind,party_id,subject_id)",
    "companies_job": "S(after,attempts,company_id,done_at,due_at,error,id,ids,key,kind,lane,recorded_at,state)",
    "companies_link": "S(addressee,case_id,company_id,expires_at,id,kind,recorded_at,revoked_at)",
    "companies_linkevent": "S(addressee,case_id,company_id,expires_at,id,kind,pgh_context,pgh_context_id,"
    "pgh_created_at,pgh_id,pgh_label,pgh_obj_id,recorded_at,revoked_at)",
}
