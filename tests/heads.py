"""The head of a form with every fact that any level asks for, so that an example can be about one thing."""

from __future__ import annotations

FACTS = """\
  organisation "Relief"
  category     sectoral
  interview    service, face to face
  respondent   any_adult
  population   "People in block C" size 20000
  sample       600 households, two stage, "Blocks by size, then every fifth shelter"
  contact      "Desk, block C, free line 555"
  staff        protection_lead "Head of protection", im_lead "Head of information", dpo "Data protection officer"
  feedback     "a community meeting in each block" within 30 days
  searched     2026-10-20 "HDX", "registry of assessments"
  consulted    2026-10-02 "women of block C", "organisation of persons with disabilities"
"""
PURPOSE = """\
  need          "Which services people miss"
  tell people   "make services better"
  decide        "Which services are opened" by "Service group" before 2027-01-31
  already known "Service map, September 2026" but "does not say who is left out"
"""
CARE = """\
risk leak "Somebody who means harm learns what was said"
  harms      respondent, household
  topics     child_protection, civil_documents, detention, disappearance, ethnicity, gbv_incident, health_status
  likelihood low
  impact     severe
  protect by referral_ready
  owner      "Head of protection"
  review     2027-01-31
risk pressure "Somebody is forced to tell what was asked"
  harms      respondent
  topics     hlp_dispute, incidents, legal_status, movement, political_opinion, psea, recruitment, return_plans, torture
  likelihood low
  impact     severe
  protect by referral_ready
  owner      "Head of protection"
  review     2027-01-31
referral post "the health post in block A, every day"
  topics   child_protection, civil_documents, ethnicity, health_status, hlp_dispute, incidents, legal_status, movement
  checked  2026-11-01
  ages     0 to 120
referral protection_desk "the protection desk in block C, every day"
  topics   detention, disappearance, gbv_incident, political_opinion, psea, recruitment, return_plans, torture
  checked  2026-11-01
  ages     0 to 120
"""
HEAD = f"""\
form snippet "Snippet"
{FACTS}purpose services "Better services"
{PURPOSE}{CARE}"""
"""For a text that begins after the facts, at any level. It is about a service, so that nobody has to be described."""
HOUSEHOLD = HEAD.replace("interview    service", "interview    household")
"""The same about households: what tells people apart counts."""

SMALL = """\
form small "Small form"
  organisation "Relief"
  category     protection_monitoring
  population   "People in block C"
  contact      "the desk in block C"
purpose safety "Safer sites"
  topic       services
  tell people "make places here safer"
"""
"""The five facts of a LOW form."""
