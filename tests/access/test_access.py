"""
Every address for everybody, in a portal full of what could leak.

A cell is what opening the address gives: a status, `in` for a way to sign in, `go` for a way to somewhere else. A new address
must be written into the table, and thought about for each.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib import admin
from django.db.models import QuerySet
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

import pytest

from klimaspor.mail.models import OutgoingMail
from proposals.line import mails
from tests.access.conftest import IDEA_WORD, INNER_WORD, UNSENT_IDEA_WORD, WORDS
from tests.factories.intake import person

if TYPE_CHECKING:
    from collections.abc import Iterator

    from klimaspor.accounts.models import User
    from tests.access.conftest import Leaky

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"

WHO = (
    "nobody",  # not signed in
    "claimant",  # says to act for the proposer's kommune, and nobody has confirmed it
    "workmate",  # is confirmed to act for the proposer's kommune
    "owner",
    "adviser",  # of the proposals' DGO
    "other_adviser",  # of another
    "secretariat",
    "partial",  # of the secretariat, found partial about everything that was sent
    "committee",
    "funder",  # of Realdania, which was asked
    "other_funder",  # of a region that was not
    "administrator",
)
TABLE = """
                                                                         nob cla wor own adv oth sec par com fun ofu adm
account_login                                                           200  go  go  go  go  go  go  go  go  go  go  go
account_confirm_login_code                                               in  go  go  go  go  go  go  go  go  go  go  go
account_logout                                                           go 200 200 200 200 200 200 200 200 200 200 200
account_inactive                                                        200 200 200 200 200 200 200 200 200 200 200 200
account_signup                                                          200  go  go  go  go  go  go  go  go  go  go  go
account_reauthenticate                                                   in 200 200 200 200 200 200 200 200 200 200 200
account_email                                                            in 200 200 200 200 200 200 200 200 200 200 200
account_email_verification_sent                                         200 200 200 200 200 200 200 200 200 200 200 200
account_confirm_email key=forkert                                       200 200 200 200 200 200 200 200 200 200 200 200
account_change_password                                                  in 200 200 200 200 200 200 200 200 200 200 200
account_set_password                                                     in  go  go  go  go  go  go  go  go  go  go  go
account_reset_password                                                  200 200 200 200 200 200 200 200 200 200 200 200
account_reset_password_done                                             200 200 200 200 200 200 200 200 200 200 200 200
account_reset_password_from_key uidb36=1 key=forkert-noegle             200 200 200 200 200 200 200 200 200 200 200 200
account_reset_password_from_key_done                                    200 200 200 200 200 200 200 200 200 200 200 200
mfa_index                                                                in 200 200 200 200 200 200 200 200 200 200 200
mfa_authenticate                                                         in  go  go  go  go  go  go  go  go  go  go  go
mfa_reauthenticate                                                       in  go  go  go  go  go  go  go  go  go  go  go
mfa_activate_totp                                                        in  go  go  go  go  go  go  go  go  go  go  go
mfa_deactivate_totp                                                      in 404 404 404 404 404 404 404 404 404 404 404
mfa_view_recovery_codes                                                  in 404 404 404 404 404 404 404 404 404 404 404
mfa_generate_recovery_codes                                              in  go  go  go  go  go  go  go  go  go  go  go
mfa_download_recovery_codes                                              in 404 404 404 404 404 404 404 404 404 404 404
health                                                                  200 200 200 200 200 200 200 200 200 200 200 200
security                                                                200 200 200 200 200 200 200 200 200 200 200 200
accessibility                                                           200 200 200 200 200 200 200 200 200 200 200 200
privacy                                                                 200 200 200 200 200 200 200 200 200 200 200 200
accounts:account                                                         in  go  go  go  go  go  go  go  go  go  go  go
accounts:profile                                                         in 200 200 200 200 200 200 200 200 200 200 200
accounts:other_email                                                     in 200 200 200 200 200 200 200 200 200 200 200
accounts:ask_for_organization                                            in 200 200 200 200 200 200 200 200 200 200 200
accounts:add_organization                                                in 200 200 200 200 200 200 200 200 200 200 200
accounts:claim pk={organization}                                         in  go  go  go  go  go  go  go  go  go  go  go
accounts:leave pk={claim}                                                in  go  go  go  go  go  go  go  go  go  go  go
accounts:take_back_request pk={request}                                  in  go  go  go  go  go  go  go  go  go  go  go
accounts:organization_connect                                            in  go  go  go  go  go  go  go  go  go  go  go
accounts:stay                                                            in 405 405 405 405 405 405 405 405 405 405 405
accounts:act_for                                                         in  go  go  go  go  go  go  go  go  go  go  go
accounts:invitation token={token}                                       200 200 200 200 200 200 200 200 200 200 200 200
accounts:administration                                                  in 403 403 403 403 403 200 200 403 403 403 200
accounts:people                                                          in 403 403 403 403 403 200 200 403 403 403 200
accounts:person pk={person}                                              in 403 403 403 403 403 200 200 403 403 403 200
accounts:deactivate pk={person}                                          in 403 403 403 403 403 200 200 403 403 403 200
accounts:reactivate pk={person}                                          in 403 403 403 403 403 200 200 403 403 403 200
accounts:reset_two_steps pk={person}                                     in 403 403 403 403 403 200 200 403 403 403 200
accounts:role_period pk={role}                                           in 403 403 403 403 403 200 200 403 403 403 200
accounts:end_role pk={role}                                              in 403 403 403 403 403 200 200 403 403 403 200
accounts:claims                                                          in 403 403 403 403 403 200 200 403 403 403 200
accounts:confirm_claim pk={claim}                                        in 403 403 403 403 403  go  go 403 403 403  go
accounts:refuse_claim pk={claim}                                         in 403 403 403 403 403 200 200 403 403 403 200
accounts:answer_request pk={request}                                     in 403 403 403 403 403 200 200 403 403 403 200
accounts:invitations                                                     in 403 403 403 403 403 200 200 403 403 403 200
accounts:invite                                                          in 403 403 403 403 403 200 200 403 403 403 200
accounts:withdraw_invitation pk={invitation}                             in 403 403 403 403 403  go  go 403 403 403  go
accounts:send_invitation_again pk={invitation}                           in 403 403 403 403 403  go  go 403 403 403  go
accounts:send_invitation_elsewhere pk={invitation}                       in 403 403 403 403 403  go  go 403 403 403  go
accounts:organizations                                                   in 403 403 403 403 403 200 200 403 403 403 200
accounts:new_organization                                                in 403 403 403 403 403 200 200 403 403 403 200
accounts:organization pk={organization}                                  in 403 403 403 403 403 200 200 403 403 403 200
accounts:dgos                                                            in 403 403 403 403 403 200 200 403 403 403 200
accounts:new_dgo                                                         in 403 403 403 403 403 200 200 403 403 403 200
accounts:dgo pk={dgo}                                                    in 403 403 403 403 403 200 200 403 403 403 200
accounts:contact                                                         in 403 403 403 403 403 200 200 403 403 403 200
accounts:sweeps                                                          in 403 403 403 403 403 200 200 403 403 403 200
accounts:demo                                                           404 404 404 404 404 404 404 404 404 404 404 404
accounts:demo_sign_in pk={person}                                       404 404 404 404 404 404 404 404 404 404 404 404
mail:letters                                                             in 403 403 403 403 403 200 200 403 403 403 403
mail:letter pk={letter}                                                  in 403 403 403 403 403 200 200 403 403 403 403
mail:try_all_again                                                       in 403 403 403 403 403 405 405 403 403 403 403
mail:try_again pk={letter}                                               in 403 403 403 403 403 405 405 403 403 403 403
mail:demo_letters                                                       404 404 404 404 404 404 404 404 404 404 404 404
proposals:rounds                                                        200 200 200 200 200 200 200 200 200 200 200 200
proposals:rounds_ics                                                    200 200 200 200 200 200 200 200 200 200 200 200
proposals:dgos                                                          200 200 200 200 200 200 200 200 200 200 200 200
proposals:tracks                                                        200 200 200 200 200 200 200 200 200 200 200 200
proposals:example                                                       200 200 200 200 200 200 200 200 200 200 200 200
proposals:new                                                            in 200 200 200 200 200 200 200 200 200 200 200
proposals:organization_choices                                           in 200 200 200 200 200 200 200 200 200 200 200
proposals:tasks number={opened}                                          in 404 404 200 403 404 403 403 404 404 404 404
proposals:participants number={opened}                                   in 404 404 200 403 404 403 403 404 404 404 404
proposals:participant_search number={opened}                             in 404 404 200 403 404 403 403 404 404 404 404
proposals:participant_list number={opened}                               in 404 404 200 403 404 403 403 404 404 404 404
proposals:participant number={opened} pk={taking_part}                   in 404 404 200 403 404 403 403 404 404 404 404
proposals:own_answer number={opened} pk={taking_part}                    in 404 404 404 404 404 404 404 404 404 404 404
proposals:own_answer number={opened} pk={declined}                       in 200 404 404 404 404 404 404 404 404 404 404
proposals:participant number={opened} pk={declined}                      in  go 404 200 403 404 403 403 404 404 404 404
proposals:contacts number={opened}                                       in 404 404 200 403 404 403 403 404 404 404 404
proposals:ask_participant number={opened} pk={taking_part}               in 404 404 200 403 404 403 403 404 404 404 404
proposals:stand_in number={opened} pk={not_counting}                     in 404 404 200 403 404 403 403 404 404 404 404
proposals:answer_oneself number={opened} pk={taking_part}                in 404 404  go 403 404 403 403 404 404 404 404
proposals:economy number={opened}                                        in 404 404 200 403 404 403 403 404 404 404 404
proposals:economy_sums number={opened}                                   in 404 404 405 403 404 403 403 404 404 404 404
proposals:economy_grid number={opened}                                   in 404 404 200 403 404 403 403 404 404 404 404
proposals:economy_grid_sums number={opened}                              in 404 404 405 403 404 403 403 404 404 404 404
proposals:attachments number={unopened}                                  in 404 404 200 404 404 404 404 404 404 404 404
proposals:section number={opened} slug=effekt                            in 404 404 200 403 404 403 403 404 404 404 404
proposals:word number={opened}                                           in 404 404 200 403 404 403 403 404 404 404 404
proposals:word_form number={opened}                                      in 404 404 200 403 404 403 403 404 404 404 404
proposals:sheet_form number={opened}                                     in 404 404 200 403 404 403 403 404 404 404 404
proposals:print number={opened} what=forslag kind=docx                   in 404 404 200 200 404 200 200 404 404 404 404
proposals:print number={on_agenda} what=rus kind=docx                    in 404 404 200 200 404 200 404 200 404 404 404
proposals:print number={on_agenda} what=forslag kind=pdf                 in 404 404 200  go 404  go 404  go 404 404 404
proposals:autosave number={opened} slug=effekt                           in 404 404 405 403 404 403 403 404 404 404 404
proposals:autosave_economy number={opened}                               in 404 404 405 403 404 403 403 404 404 404 404
proposals:autosave_participants number={opened}                          in 404 404 405 403 404 403 403 404 404 404 404
proposals:check number={opened}                                          in 404 404 200 403 404 403 403 404 404 404 404
proposals:submit number={opened}                                         in 404 404  go 403 404 403 403 404 404 404 404
proposals:receipt number={in_qualification} version=1                    in 404 404 200 403 404 403 404 404 404 404 404
proposals:withdraw number={in_qualification}                             in 404 404 200 403 404 403 404 404 404 404 404
proposals:take_back number={in_qualification}                            in 404 404 200 403 404 403 404 404 404 404 404
proposals:move_round number={qualified}                                  in 404 404 200 403 404 200 404 404 404 404 404
proposals:hand_over number={in_qualification}                            in 404 404 200 403 404 200 404 404 404 404 404
proposals:access number={in_qualification}                               in 404 404 200 403 404 403 404 404 404 404 404
proposals:list_to_members number={in_qualification}                      in 404 404  go 403 404 403 404 404 404 404 404
proposals:unlist number={in_qualification}                               in 404 404  go 403 404 403 404 404 404 404 404
proposals:remove_person number={in_qualification} pk=1                   in 404 404 404 403 404 404 404 404 404 404 404
proposals:keep_person number={in_qualification} pk=1                     in 404 404  go 403 404  go 404 404 404 404 404
proposals:withdraw_invitation number={orphan} pk={asked}                 in 404 404  go 404 404 404 404 404 404 404 404
proposals:send_invitation_again number={orphan} pk={asked}               in 404 404  go 404 404 404 404 404 404 404 404
proposals:send_invitation_elsewhere number={orphan} pk={asked}           in 404 404  go 404 404 404 404 404 404 404 404
proposals:leave number={in_qualification}                                in 404 404 403 403 404 403 404 404 404 404 404
proposals:correct_organization number={in_qualification}                 in 404 404 403 403 404 200 404 404 404 404 404
proposals:confirm_organization number={in_qualification} pk=1            in 404 404 403 403 404  go 404 404 404 404 404
proposals:change_organization number={opened}                            in 404 404 200 403 404 403 403 404 404 404 404
proposals:invitation token={asked_token}                                200 200 200 200 200 200 200 200 200 200 200 200
proposals:send_answer_code token={answering_token}                       go  go  go  go  go  go  go  go  go  go  go  go
proposals:enter_answer_code token={answering_token}                     200  go  go  go  go  go  go  go  go  go  go  go
proposals:visit token={answering_token}                                  go  go  go  go  go  go  go  go  go  go  go  go
proposals:end_visit token={answering_token}                              go  go  go  go  go  go  go  go  go  go  go  go
proposals:change_dgo number={in_qualification}                           in 404 404 403 200 404 200 404 404 404 404 404
proposals:co_readers number={in_qualification}                           in 404 404 200 200 404 200 404 404 404 404 404
proposals:remove_co_reader number={on_agenda} pk={along}                 in 404 404 200 200 404 200 404 403 404 404 404
proposals:declare number={in_qualification}                              in 404 404 403 200 404 200 404 404 404 404 404
proposals:open_sparring number={qualified}                               in 404 404  go 403 404 403 404 404 404 404 404
proposals:close_sparring number={opened}                                 in 404 404  go 403 404 403 403 404 404 404 404
proposals:comment number={opened}                                        in 404 404 200 200 404 200 200 404 404 404 404
proposals:answer number={opened} pk={thread}                             in 404 404 200 200 404 200 200 404 404 404 404
proposals:answer number={opened} pk={inner}                              in 404 404 404 200 404 200 200 404 404 404 404
proposals:note number={on_agenda}                                        in 404 404 200 200 404 200 404 403 404 404 404
proposals:correct_note number={on_agenda} pk={note}                      in 404 404 404 404 404 200 404 403 404 404 404
proposals:resolve number={opened} pk={thread}                            in 404 404  go  go 404  go  go 404 404 404 404
proposals:resolve number={opened} pk={inner}                             in 404 404 404  go 404  go  go 404 404 404 404
proposals:reopen number={opened} pk={thread}                             in 404 404  go  go 404  go  go 404 404 404 404
proposals:reopen number={opened} pk={inner}                              in 404 404 404  go 404  go  go 404 404 404 404
proposals:report_done number={opened} pk={change}                        in 404 404  go 403 404 403 403 404 404 404 404
proposals:edit number={opened} pk={thread}                               in 404 404 403 200 404 403 403 404 404 404 404
proposals:edit number={opened} pk={inner}                                in 404 404 404 200 404 403 403 404 404 404 404
proposals:take_wording number={opened} pk={wording}                      in 404 404  go 403 404 403 403 404 404 404 404
proposals:version number={on_agenda} version=2                           in 404 404 200 200 404 200 404 200 404 404 404
proposals:version_pdf number={in_qualification} version=1                in 404 404 200 200 404 200 404 404 404 404 404
proposals:compare number={on_agenda} first=1 second=2                    in 404 404 200 200 404 200 404 404 404 404 404
proposals:compare number={on_agenda} first=1 second=nu                   in 404 404 200 404 404 404 404 404 404 404 404
proposals:compare number={on_agenda} first=laest second=2                in 404 404 200 200 404 404 404 404 404 404 404
proposals:compare number={opened} first=laest second=nu                  in 404 404 404 200 404 404 404 404 404 404 404
proposals:mark_as_read number={on_agenda}                                in 404 404  go  go 404  go 404  go 404 404 404
proposals:go_back number={on_agenda}                                     in 404 404  go  go 404  go 404  go 404 404 404
proposals:answer_history number={opened} name=effects                    in 404 404 200 200 404 200 200 404 404 404 404
proposals:bring_back number={opened} name=effects pk={answer_change}     in 404 404 200 403 404 403 403 404 404 404 404
proposals:changed_since number={qualified}                               in 404 404 200 403 404 403 404 404 404 404 404
proposals:attachment number={unopened} pk={attachment}                   in 404 404 200 404 404 404 404 404 404 404 404
proposals:rounds_admin                                                   in 403 403 403 403 403 200 200 403 403 403 200
proposals:round_new                                                      in 403 403 403 403 403 200 200 403 403 403 200
proposals:round_edit pk={round}                                          in 403 403 403 403 403 200 200 403 403 403 200
proposals:dispensation number={qualified}                                in 404 404 403 403 404 200 404 404 404 404 404
proposals:withdraw_dispensation number={qualified} pk={dispensation}     in 404 404 403 403 404 200 404 404 404 404 404
proposals:copy number={in_qualification}                                 in 404 404 200 403 404 403 404 404 404 404 404
proposals:neighbours number={opened}                                     in 404 404 200 200 404 200 200 404 404 404 404
proposals:ideas                                                          in 200 200 200 200 200 200 200 200 200 200 200
proposals:received_ideas                                                 in 403 403 403 200 200 200 200 403 403 403 403
proposals:new_idea                                                       in 200 200 200 200 200 200 200 200 200 200 200
proposals:idea pk={idea}                                                 in 404 404 200 200 404 200 200 404 404 404 404
proposals:write_idea pk={unsent_idea}                                    in 404 404 200 404 404 404 404 404 404 404 404
proposals:write_idea pk={idea}                                           in 404 404  go 403 404 403 403 404 404 404 404
proposals:send_idea pk={unsent_idea}                                     in 404 404 200 404 404 404 404 404 404 404 404
proposals:delete_idea pk={unsent_idea}                                   in 404 404 200 404 404 404 404 404 404 404 404
proposals:change_idea_dgo pk={idea}                                      in 404 404 200 200 404 200 200 404 404 404 404
proposals:put_idea_aside pk={idea}                                       in 404 404  go 403 404 403 403 404 404 404 404
proposals:take_idea_up pk={idea}                                         in 404 404  go 403 404 403 403 404 404 404 404
proposals:draft_of_idea pk={idea}                                        in 404 404  go 403 404 403 403 404 404 404 404
proposals:register                                                       in 403 403 403 403 403 200 200 403 403 403 403
proposals:orphaned                                                       in 403 403 403 403 403 200 200 403 403 403 403
review:front                                                            200 200 200 200 200 200 200 200 200 200 200 200
review:requirements                                                     200 200 200 200 200 200 200 200 200 200 200 200
review:list                                                              in 200 200 200 200 200 200 200 200 200 200 200
review:organization_list                                                 in 200 200 200 200 200 200 200 200 200 200 200
review:proposal number={on_agenda}                                       in 404 404 200 200 404 200 404 200 404 404 404
review:content number={on_agenda}                                        in 404 404 200 200 404 200 404 200 404 404 404
review:sparring number={on_agenda}                                       in 404 404 200 200 404 200 404 200 404 404 404
review:versions number={on_agenda}                                       in 404 404 200 200 404 200 404 200 404 404 404
review:history number={on_agenda}                                        in 404 404 200 200 404 200 404 200 404 404 404
review:reply number={qualified}                                          in 404 404 200 403 404 403 404 404 404 404 404
review:dgo_desk                                                          in 403 403 403 200 200 403 403 403 403 403 403
review:dgo_views                                                         in 403 403 403 200 200 403 403 403 403 403 403
review:new_dgo_view                                                      in 403 403 403 200 200 403 403 403 403 403 403
review:dgo_view pk={view}                                                in 403 403 403 200 404 403 403 403 403 403 403
review:remove_dgo_view pk={view}                                         in 403 403 403 405 404 403 403 403 403 403 403
review:pass_on number={in_qualification}                                 in 404 404 403 200 404 403 404 404 404 404 404
review:qualify number={in_qualification}                                 in 404 404 403 200 404 403 404 404 404 404 404
review:begin_qualification number={in_qualification}                     in 404 404 403 405 404 403 404 404 404 404 404
review:assign number={in_qualification}                                  in 404 404 403 405 404 403 404 404 404 404 404
review:complete_qualification number={in_qualification}                  in 404 404 403  go 404 403 404 404 404 404 404
review:cosign number={in_qualification}                                  in 404 404 403  go 404  go 404 404 404 404 404
review:take_back_signature number={in_qualification}                     in 404 404 403 405 404 405 404 404 404 404 404
review:amend_qualification number={qualified}                            in 404 404 403 200 404 403 404 404 404 404 404
review:return_for_changes number={in_qualification}                      in 404 404 403 200 404 403 404 404 404 404 404
review:secretariat                                                       in 403 403 403 403 403 200 200 403 403 403 403
review:without_desk                                                      in 403 403 403 403 403 200 200 403 403 403 403
review:formality number={in_approval}                                    in 404 404 403 403 404 200 404 404 404 404 404
review:request_completion number={in_approval}                           in 404 404 403 403 404 200 404 404 404 404 404
review:refuse number={in_approval}                                       in 404 404 403 403 404 200 404 404 404 404 404
review:reopen number={inadmissible}                                      in 404 404 403 403 404 200 404 404 404 404 404
review:recommendation number={in_approval}                               in 404 404 403 403 404 200 404 404 404 404 404
review:recommend number={in_approval}                                    in 404 404 403 403 404 200 404 404 404 404 404
review:correct number={in_approval}                                      in 404 404 403 403 404 200 404 404 404 404 404
review:step_in number={in_qualification}                                 in 404 404 403 403 404 200 404 404 404 404 404
review:waive number={in_qualification}                                   in 404 404 403 403 404 200 404 404 404 404 404
review:round pk={round}                                                  in 403 403 403 403 403 200 200 403 403 403 403
review:whole_round pk={round}                                            in 403 403 403 403 403 200 200 403 403 403 403
review:round_file pk={round} kind=xlsx                                   in 403 403 403 403 403 200 200 403 403 403 403
review:impartialities                                                    in 403 403 403 403 403 200 200 403 403 403 403
review:settle pk={raised}                                                in 403 403 403 403 403 200 200 403 403 403 403
review:ask_again pk={settled}                                            in 403 403 403 403 403 200 404 403 403 403 403
review:meetings                                                          in 403 403 403 403 403 200 200 200 403 403 403
review:new_agenda                                                        in 403 403 403 403 403 200 200 403 403 403 403
review:meeting date={planned}                                            in 403 403 403 403 403 200 200 404 403 403 403
review:papers date={published}                                           in 403 403 403 403 403 200 200 200 403 403 403
review:paper date={published} pk={paper}                                 in 403 403 403 403 403 200 403 200 403 403 403
review:paper_again date={published} pk={paper}                           in 403 403 403 403 403 405 405 403 403 403 403
review:item date={published} number={tabled_number}                      in 403 403 403 403 403 200 404 200 403 403 403
review:agenda date={planned}                                             in 403 403 403 403 403 200 200 403 403 403 403
review:change_meeting date={planned}                                     in 403 403 403 403 403 200 200 403 403 403 403
review:add_proposal date={planned}                                       in 403 403 403 403 403 405 405 403 403 403 403
review:add_item date={planned}                                           in 403 403 403 403 403 200 200 403 403 403 403
review:edit_item date={planned} pk={item}                                in 403 403 403 403 403 200 200 403 403 403 403
review:move_item date={planned} pk={item}                                in 403 403 403 403 403 405 405 403 403 403 403
review:remove_item date={planned} pk={item}                              in 403 403 403 403 403 405 405 403 403 403 403
review:publish date={planned}                                            in 403 403 403 403 403 200 200 403 403 403 403
review:decisions date={published}                                        in 403 403 403 403 403 200 200 403 403 403 403
review:decide date={published} pk={tabled_item}                          in 403 403 403 403 403 200 403 403 403 403 403
review:discard_decision date={published} pk={tabled_item}                in 403 403 403 403 403  go 403 403 403 403 403
review:release date={published}                                          in 403 403 403 403 403 200 200 403 403 403 403
review:funding                                                           in 403 403 403 403 403 403 403 403 200 200 403
review:consent pk={consent}                                              in 404 404 403 403 404 403 404 403 200 404 404
review:consents number={approved}                                        in 404 404 403 403 404 200 404 403 403 404 404
review:enter number={approved} pk={consent}                              in 404 404 403 403 404 200 404 403 403 404 404
review:document number={approved} pk={entered}                           in 404 404 404 404 404 200 404 404 404 404 404
review:launch number={approved}                                          in 404 404 403 403 404 200 404 403 403 404 404
review:lapse number={approved}                                           in 404 404 403 403 404 200 404 403 403 404 404
review:retable number={approved}                                         in 404 404 403 403 404 200 404 403 403 404 404
review:complete number={active}                                          in 404 404 403 403 404 200 404 403 403 404 404
review:discontinue number={active}                                       in 404 404 403 403 404 200 404 403 403 404 404
review:criteria                                                          in 403 403 403 403 403 200 200 403 403 403 200
review:round_criteria round={round}                                      in 403 403 403 403 403 200 200 403 403 403 200
review:new_criterion round={round}                                       in 403 403 403 403 403 200 200 403 403 403 200
review:copy_criteria round={round}                                       in 403 403 403 403 403  go  go 403 403 403  go
review:criterion criterion={criterion}                                   in 403 403 403 403 403 200 200 403 403 403 200
review:replace_criterion criterion={criterion}                           in 403 403 403 403 403 200 200 403 403 403 200
review:move_criterion criterion={criterion}                              in 403 403 403 403 403  go  go 403 403 403  go
review:remove_criterion criterion={criterion}                            in 403 403 403 403 403 200 200 403 403 403 200
"""

# What everybody may hear of: the tracks that are under way.
PUBLIC = {"active", "completed"}
SENT = set(WORDS) - {"unopened", "opened"}
READS: dict[str, set[str]] = {
    "nobody": set(),
    "claimant": set(),
    "workmate": set(),
    "owner": set(WORDS),
    "adviser": SENT | {"opened"},
    "other_adviser": set(),
    "secretariat": SENT | {"opened"},
    "partial": {"opened"},
    "committee": PUBLIC | {"on_agenda", "approved", "rejected", "lapsed", "discontinued"},
    "funder": PUBLIC | {"approved", "lapsed", "discontinued"},
    "other_funder": set(),
    "administrator": set(),
}
"""Of which proposals each may know more than that a number exists."""
SIGNED_IN = WHO[1:]
ASKED = ("claimant", "adviser", "partial", "committee")
"""Who also asks for what does not exist: one for each way to see a proposal, or not."""


def rows() -> list[tuple[str, dict[str, str], list[str]]]:
    """Read the table: the name of the address, what it takes, and its cells."""
    parsed = []
    for line in TABLE.strip().splitlines()[1:]:
        name, *rest = line.split()
        given = dict(part.split("=", 1) for part in rest[: -len(WHO)])
        parsed.append((name, given, rest[-len(WHO) :]))
    return parsed


def visited(who: str) -> list[tuple[str, dict[str, str], list[str]]]:
    """Give the rows somebody tries: allauth's pages know who is signed in, and no role."""
    known = ("nobody", "owner", "administrator")
    return [row for row in rows() if who in known or not row[0].startswith(("account_", "mfa_"))]


IN_CIRCLE = ("adviser", "secretariat", "partial")
"""Who reads what is said about `opened` between its DGO and the secretariat; of a draft nobody has been found partial."""

TITLE_LINES = {("partial", "/forslag/"): SENT}
"""Where a title line says what one is found partial about, and nothing else of it (tests/review/listing/test_lost.py)."""

READS_IDEA = ("owner", "adviser", "secretariat", "partial")
"""Who reads the idea that is sent."""


def address_of(leaky: Leaky, name: str, given: dict[str, str]) -> str:
    return reverse(name, kwargs={k: v.format(**leaky.things) for k, v in given.items()})


def somebody(leaky: Leaky, who: str) -> Client:
    client = Client()
    if who != "nobody":
        client.force_login(user_of(leaky, who), backend=BACKEND)
    return client


def user_of(leaky: Leaky, who: str) -> User:
    found: User = getattr(leaky, who, None) or getattr(leaky.cast, who)
    return found


def cell(response: Any) -> str:
    if response.streaming:
        # Read to its end a file is closed, and the connection to the database is not.
        b"".join(response)
    if response.status_code != 302:
        return str(response.status_code)
    return "in" if response.headers["Location"].startswith("/konto/log-paa/") else "go"


def body(response: Any) -> str:
    """Give what the page says, its tokens apart."""
    if response.streaming:
        return ""
    text = html.unescape(response.content.decode(errors="replace"))
    return re.sub(r'(name="(csrfmiddlewaretoken|unsent-slip|once)" value=)"[^"]*"', r"\1", text)


def told(said: str) -> set[str]:
    """Name the proposals whose word is in what was said."""
    return {key for key, word in WORDS.items() if word in said}


def named_addresses(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from named_addresses(pattern, inner)
        else:
            yield f"{prefix}{pattern.name or pattern.pattern}"


def kept() -> dict[str, list[tuple[Any, ...]]]:
    """Give everything the database knows, sessions apart."""
    return {
        model._meta.label: list(QuerySet(model).order_by("pk").values_list())
        for model in apps.get_models()
        if model._meta.app_label in ("accounts", "mail", "proposals", "review")
    }


def test_every_address_is_in_the_table() -> None:
    inside = [n for n in named_addresses(get_resolver()) if not n.startswith("admin:")]

    assert sorted(set(inside)) == sorted({name for name, _, _ in rows()})


def test_only_who_reads_a_proposal_is_told_that_its_pages_are_not_theirs() -> None:
    """A 403 says that there is something, so everybody else gets a 404; whoever said no for a participant has the answer."""
    told_of = {
        (who, name)
        for name, given, cells in rows()
        for who, answer in zip(WHO, cells, strict=True)
        for key in [given.get("number", "").strip("{}")]
        if key in WORDS and answer not in ("in", "404") and key not in READS[who]
    }

    assert told_of == {
        ("claimant", "proposals:participant"),
        ("claimant", "proposals:own_answer"),
    }


@pytest.mark.slow("opens every address there is")
@pytest.mark.urls("tests.access.urls")
@pytest.mark.parametrize("who", WHO)
def test_who_opens_what(leaky: Leaky, who: str) -> None:
    client = somebody(leaky, who)
    before = kept()

    found, leaks = {}, {}
    for name, given, _ in visited(who):
        address = address_of(leaky, name, given)
        response = client.get(address)
        found[address] = cell(response)
        said = body(response)
        if leaked := told(said) - READS[who] - PUBLIC - TITLE_LINES.get((who, address), set()):
            leaks[address] = leaked
        if INNER_WORD in said and who not in IN_CIRCLE:
            leaks[address] = {INNER_WORD}
        if IDEA_WORD in said and who not in READS_IDEA:
            leaks[address] = {IDEA_WORD}
        if UNSENT_IDEA_WORD in said and who != "owner":
            leaks[address] = {UNSENT_IDEA_WORD}
        # What one cannot see answers as what does not exist, and as little.
        if found[address] == "404" and who in ASKED and leaky.numbered(given.get("number", "")):
            nowhere = client.get(address_of(leaky, name, {**given, "number": "KS-2027-9999"}))
            assert (nowhere.status_code, nowhere.content) == (404, response.content), address

    assert found == {
        address_of(leaky, name, given): cells[WHO.index(who)] for name, given, cells in visited(who)
    }
    assert leaks == {}
    assert kept() == before, "Opening an address changed something"


@pytest.mark.slow("sends to every address there is")
@pytest.mark.urls("tests.access.urls")
@pytest.mark.parametrize("who", WHO)
def test_who_may_not_open_it_may_not_send_to_it(leaky: Leaky, who: str) -> None:
    client = somebody(leaky, who)
    before = kept()
    sent = {"revision": "1", "reason": "x", "text": "x", "answer": "consented", "gate": "approval"}

    answers, expected = {}, {}
    for name, given, cells in rows():
        closed = cells[WHO.index(who)]
        if closed not in ("in", "403", "404") or name.startswith(("account_", "mfa_")):
            continue
        address = address_of(leaky, name, given)
        # Once they have signed in they are sent where they wanted to go.
        expected[address] = closed
        answers[address] = cell(client.post(address, sent))

    assert answers == expected
    assert kept() == before


@pytest.mark.urls("tests.access.urls")
@pytest.mark.parametrize("name", ("leave pk={claim}", "take_back_request pk={request}"))
def test_nobody_takes_back_what_another_has_asked_for(leaky: Leaky, name: str) -> None:
    view, taken = name.split(" pk=")
    address = address_of(leaky, f"accounts:{view}", {"pk": taken})
    nowhere = reverse(f"accounts:{view}", args=[10**6])
    others = ("nobody", "workmate", "secretariat", "administrator")
    clients = {who: somebody(leaky, who) for who in (*others, "claimant")}
    before = kept()

    for who in others:
        client = clients[who]
        there, missing = client.post(address), client.post(nowhere)
        assert cell(there) == cell(missing) == ("in" if who == "nobody" else "go")

    assert kept() == before
    assert cell(clients["claimant"].post(address)) == "go"
    assert kept() != before


@pytest.mark.parametrize("who", [who for who in SIGNED_IN if who != "owner"])
def test_what_one_cannot_see_looks_like_what_does_not_exist(leaky: Leaky, who: str) -> None:
    client = somebody(leaky, who)
    number = leaky.things["unopened"]

    for path in ("forslag/{}/", "forslag/{}/traek-tilbage/", "kvalificering/{}/"):
        there = client.get(f"/{path.format(number)}")
        nowhere = client.get(f"/{path.format('KS-2027-9999')}")
        assert (there.status_code, body(there)) == (404, body(nowhere)), path
        assert number not in body(there)


@pytest.mark.urls("tests.access.urls")
@pytest.mark.parametrize("who", SIGNED_IN)
def test_the_list_the_search_and_the_pages_show_the_same(leaky: Leaky, who: str) -> None:
    client = somebody(leaky, who)
    expected = READS[who]

    opened = {
        key
        for key, proposal in leaky.proposals.items()
        if client.get(f"/forslag/{proposal.number}/").status_code == 200
    }
    listed = body(client.get("/forslag/"))
    found = set()
    # A search takes 100 characters, and a half of the words has room.
    for words in (list(WORDS.values())[::2], list(WORDS.values())[1::2]):
        page = body(client.get("/forslag/", {"q": " OR ".join(words)}))
        hits = {key for key, proposal in leaky.proposals.items() if proposal.number in page}
        assert f"{len(hits)} forslag" in page
        found |= hits
    by_status = body(client.get("/forslag/", {"status": "approved"}))
    # What a writer has changed since it was sent is found by the writers alone.
    later = body(client.get("/forslag/", {"q": "Efterskrift"}))

    assert opened == expected
    assert found == expected
    assert {
        k for k, p in leaky.proposals.items() if p.number in listed
    } == expected | TITLE_LINES.get((who, "/forslag/"), set())
    # The owner has one more, which nothing else is asked about.
    assert f"{len(expected) + (who == 'owner')} forslag" in listed
    assert f"{int('approved' in expected)} forslag" in by_status
    assert (leaky.proposals["qualified"].number in later) is (who == "owner")


@pytest.mark.urls("tests.access.urls")
@pytest.mark.parametrize("who", ("nobody", "claimant", "owner", "committee", "administrator"))
def test_nothing_leaks_in_what_is_fetched_while_one_writes(leaky: Leaky, who: str) -> None:
    client = somebody(leaky, who)
    number = leaky.proposals["opened"].number

    for word in (*(WORDS[key] for key in ("unopened", "on_agenda")), "a", "ks-2027"):
        for address, name in (
            ("/forslag/nyt/organisationer/", "search"),
            (f"/forslag/{number}/afsnit/deltagere/soeg/", "soeg"),
            ("/konto/profil/organisation/", "q"),
            ("/dgo/", "kommune"),
            ("/runder.ics", "q"),
        ):
            said = body(client.get(address, {name: word}, headers={"HX-Request": "true"}))
            assert told(said.replace(word, "")) == set(), address


@pytest.mark.urls("tests.access.urls")
@pytest.mark.parametrize("who", ("secretariat", "partial"))
def test_letters_tell_the_secretariat_only_of_what_it_may_read(leaky: Leaky, who: str) -> None:
    client = somebody(leaky, who)
    about: dict[str, list[OutgoingMail]] = {}
    for letter in OutgoingMail.objects.order_by("pk"):
        for key in told(letter.subject + letter.body):
            about.setdefault(key, []).append(letter)

    said = "".join(
        body(client.get(f"/administration/breve/{letters[0].pk}/")) for letters in about.values()
    )

    assert set(about) == SENT | {"opened"}
    assert told(said) == READS[who]


@pytest.mark.urls("tests.access.urls")
@pytest.mark.parametrize("who", ("secretariat", "partial", "administrator"))
def test_of_a_letter_one_may_not_read_one_sees_that_there_is_one(leaky: Leaky, who: str) -> None:
    """Neither its subject, nor whom it is to, nor by searching, nor in what became of it."""
    client = somebody(leaky, who)
    told_off, by = leaky.cast.colleague, leaky.cast.owner
    mails.removed(leaky.proposals["unopened"], told_off, by=by, at=leaky.at)
    hidden = [p.number for key, p in leaky.proposals.items() if key not in READS[who]]
    named = {
        letter.pk
        for letter in OutgoingMail.objects.all()
        if any(number in letter.subject + letter.body for number in hidden)
    }
    OutgoingMail.objects.update(recipient="anden@example.org", sent_at=None)
    OutgoingMail.objects.filter(pk__in=named).update(
        recipient="skjult@example.org", failed_at=leaky.at, error="550 <skjult@example.org> unknown"
    )
    is_admin = who == "administrator"
    desk = "/admin/mail/outgoingmail/" if is_admin else "/administration/breve/"
    page, by_address = ("p", "q") if is_admin else ("page", "modtager")

    pages = [client.get(desk, {page: number}) for number in range(5)]
    one = min(named)
    own = client.get(f"{desk}{one}/change/" if is_admin else f"{desk}{one}/")
    tried = [client.post(f"/administration/breve/{one}/igen/", follow=True)]
    said = "".join(body(answer) for answer in (*pages, own, *tried))
    found = body(client.get(desk, {by_address: "skjult@"}))
    found_other = body(client.get(desk, {by_address: "anden@"}))

    assert named
    assert {number for number in hidden if number in said} == set()
    assert told(said) - READS[who] == set()
    assert "skjult@example.org" not in said
    # What stands in the field is one's own word.
    assert "skjult@example.org" not in found
    assert "anden@example.org" in found_other
    assert own.status_code == (403 if is_admin else 200)
    if not is_admin:
        assert "Brev om et forslag, du ikke kan læse" in said


LOOKED_AT = (
    "accounts_dgo",
    "accounts_invitation",
    "accounts_membership",
    "accounts_organization",
    "accounts_organizationrequest",
    "accounts_user",
)
IN_ADMIN = {
    "app_list",
    "index",
    "jsi18n",
    "password_change",
    "password_change_done",
    # Nothing is loaded here, so there is no row of it to open.
    "accounts_loadedreference_changelist",
    # The first letter is about a proposal, so it is a row without words and opens nothing.
    "mail_outgoingmail_changelist",
    *(f"{model}_{page}" for model in LOOKED_AT for page in ("changelist", "change", "history")),
}
"""What an administrator opens in Django's admin: people and letters, and nothing else."""


def in_admin(leaky: Leaky) -> dict[str, str]:
    """Give every address of Django's admin, by its name."""
    given = {
        "app_list": ("accounts",),
        "view_on_site": (leaky.proposal_type, leaky.proposals["opened"].pk),
    }
    first = {
        f"{model._meta.app_label}_{model._meta.model_name}": QuerySet(model).order_by("pk").first()
        for model in apps.get_models()
        # Tests elsewhere have tables of their own, which are made where they are asked about.
        if admin.site.is_registered(model)
    }
    found = {}
    for name in named_addresses(get_resolver()):
        short = name.removeprefix("admin:")
        if short == name or short in ("login", "logout") or not short.replace("_", "").isalnum():
            continue
        row = first.get(short.rpartition("_")[0])
        takes = short.endswith(("_change", "_delete", "_history")) and short != "password_change"
        one = (row.pk if row else 1,) if takes else ()
        found[short] = reverse(name, args=given.get(short, one))
    return found


@pytest.mark.parametrize("who", [who for who in WHO if who != "administrator"])
def test_djangos_admin_is_closed_to_all_but_administrators(leaky: Leaky, who: str) -> None:
    client = somebody(leaky, who)

    # Its own page to sign in would ask for no second factor, so it sends people to ours.
    sign_in = cell(client.get("/admin/login/"))
    tried = {
        name: client.get(address) if name != "autocomplete" else client.post(address)
        for name, address in in_admin(leaky).items()
    }
    elsewhere = {
        name: (answer.status_code, answer.headers.get("Location", "").split("?")[0])
        for name, answer in tried.items()
        if name != "jsi18n"
    }

    assert sign_in == ("in" if who == "nobody" else "403")
    assert set(elsewhere.values()) <= {(302, "/admin/login/"), (302, "/konto/log-paa/")}


@pytest.mark.slow("opens every page of the admin")
def test_djangos_admin_is_to_look_at_people_and_letters(leaky: Leaky) -> None:
    client = somebody(leaky, "administrator")
    before = kept()

    opened, said = set(), ""
    for name, address in in_admin(leaky).items():
        response = client.get(address)
        said += body(response)
        if response.status_code == 200:
            opened.add(name)
        client.post(address, {"action": "delete_selected", "_selected_action": "1", "post": "yes"})

    assert opened == IN_ADMIN
    assert told(said) == set()
    assert kept() == before


def test_djangos_admin_suggests_people_and_no_proposal(leaky: Leaky) -> None:
    client = somebody(leaky, "administrator")

    suggested = {
        field: client.get(
            "/admin/autocomplete/",
            {"app_label": app, "model_name": model, "field_name": field, "term": ""},
        )
        for app, model, field in (
            ("accounts", "membership", "user"),
            ("proposals", "event", "proposal"),
            ("review", "agendaitem", "agenda"),
        )
    }

    assert {field: answer.status_code for field, answer in suggested.items()} == {
        "user": 200,
        "proposal": 403,
        "agenda": 404,
    }


def test_a_person_with_no_role_is_told_nothing_by_counting(leaky: Leaky) -> None:
    newcomer = person("Nikolaj Ny")
    client = Client()
    client.force_login(newcomer, backend=BACKEND)

    assert "Intet venter på dig" in body(client.get("/"))
    assert re.findall(r"\d+ forslag", body(client.get("/forslag/"))) == ["0 forslag"]
