//! Inviting, accepting, withdrawing.

use portal_api::{Accepted, AppSummary, NewInvitation, Page, People, Person, ProblemCode, Role};

use crate::support::{Database, PASSWORD, TestApp, on_both_databases};

on_both_databases! {
    an_invitation_from_mail_to_withdrawal
    of_fifty_accepts_at_once_one_wins
}

async fn an_invitation_from_mail_to_withdrawal(database: Database) {
    let app = TestApp::on(database).await;
    let ada = app.person("ada@example.org").await;
    let bob = app.person("bob@example.org").await;
    let loan = ada.publish("Loan", "figures").await;
    let path = format!("/apps/{}", loan.id);

    bob.get(&path).await.problem(ProblemCode::NotFound);
    ada.invite(loan.id, "Bob@Example.org", Role::Viewer).await;
    let people: People = ada.get(&format!("{path}/people")).await.json(200);
    assert_eq!((people.holders.len(), people.invitations.len()), (1, 1));
    assert!(people.holders[0].by_team && people.holders[0].role == Role::Owner);

    let mail = app.mails("bob@example.org").await.pop().unwrap();
    assert!(mail.text.contains("Loan") && mail.text.contains("ada@example.org"), "{}", mail.text);
    let token = app.link("bob@example.org", "invite").await;
    let accepted: Accepted = bob.accept(&token).await.json(200);
    assert_eq!((accepted.app, accepted.role), (loan.id, Role::Viewer));
    bob.accept(&token).await.problem(ProblemCode::LinkUsed);
    let apps: Page<AppSummary> = bob.get("/apps").await.json(200);
    assert_eq!(apps.items.len(), 1);
    let people: People = ada.get(&format!("{path}/people")).await.json(200);
    assert_eq!((people.holders.len(), people.invitations.len()), (2, 0));

    let bob_id = bob.session.person.id;
    ada.delete(&format!("{path}/people/{bob_id}")).await.expect(204);
    for gone in [path.clone(), format!("{path}/definition"), format!("{path}/lease")] {
        bob.get(&gone).await.problem(ProblemCode::Withdrawn);
    }
    bob.ticket(loan.id).await.problem(ProblemCode::Withdrawn);
    assert!(bob.get("/apps").await.json::<Page<AppSummary>>(200).items.is_empty());
    ada.delete(&format!("{path}/people/{bob_id}")).await.problem(ProblemCode::NotFound);

    // Invited again, the person has the app again.
    ada.share(&app, loan.id, &bob, Role::Editor).await;
    assert_eq!(bob.get(&path).await.json::<AppSummary>(200).role, Role::Editor);
}

async fn of_fifty_accepts_at_once_one_wins(database: Database) {
    let app = TestApp::on(database).await;
    let ada = app.person("ada@example.org").await;
    let bob = app.person("bob@example.org").await;
    let loan = ada.publish("Loan", "figures").await;
    ada.invite(loan.id, "bob@example.org", Role::Viewer).await;
    let token = app.link("bob@example.org", "invite").await;
    let tasks: Vec<_> = (0..50)
        .map(|_| {
            let (bob, token) = (bob.clone(), token.clone());
            tokio::spawn(async move { bob.accept(&token).await })
        })
        .collect();
    let mut won = 0;
    for task in tasks {
        let answer = task.await.unwrap();
        if answer.status == 200 {
            won += 1;
        } else {
            answer.problem(ProblemCode::LinkUsed);
        }
    }
    assert_eq!(won, 1);
}

#[tokio::test]
async fn only_the_invited_address_can_accept() {
    let app = TestApp::start().await;
    let ada = app.person("ada@example.org").await;
    let bob = app.person("bob@example.org").await;
    let loan = ada.publish("Loan", "figures").await;
    ada.invite(loan.id, "carol@example.org", Role::Viewer).await;
    let token = app.link("carol@example.org", "invite").await;
    bob.accept(&token).await.problem(ProblemCode::WrongAddress);
    // The link is still good for the one it was made for.
    let carol = app.person("carol@example.org").await;
    carol.accept(&token).await.expect(200);
    // A tag makes it another mailbox, capitals do not.
    ada.invite(loan.id, "bob+x@example.org", Role::Viewer).await;
    let token = app.link("bob+x@example.org", "invite").await;
    bob.accept(&token).await.problem(ProblemCode::WrongAddress);
}

#[tokio::test]
async fn an_unconfirmed_account_publishes_but_neither_accepts_nor_invites() {
    let app = TestApp::start().await;
    let ada = app.person("ada@example.org").await;
    let loan = ada.publish("Loan", "figures").await;
    ada.invite(loan.id, "bob@example.org", Role::Viewer).await;
    let token = app.link("bob@example.org", "invite").await;
    let bob = app.unconfirmed("bob@example.org").await;
    bob.accept(&token).await.problem(ProblemCode::Unconfirmed);
    let own = bob.publish("Try", "figures").await;
    let body = NewInvitation { email: "carol@example.org".to_owned(), role: Role::Viewer };
    bob.post(&format!("/apps/{}/invitations", own.id), &body).await.problem(ProblemCode::Unconfirmed);
    let confirm = app.link("bob@example.org", "confirm").await;
    bob.visitor.confirm(&confirm).await.expect(200);
    bob.accept(&token).await.expect(200);
}

#[tokio::test]
async fn a_withdrawn_invitation_cannot_be_accepted() {
    let app = TestApp::start().await;
    let ada = app.person("ada@example.org").await;
    let bob = app.person("bob@example.org").await;
    let loan = ada.publish("Loan", "figures").await;
    let other = ada.publish("Other", "figures").await;
    let invitation = ada.invite(loan.id, "bob@example.org", Role::Viewer).await;
    let token = app.link("bob@example.org", "invite").await;
    ada.delete(&format!("/apps/{}/invitations/{}", other.id, invitation.id))
        .await
        .problem(ProblemCode::NotFound);
    ada.delete(&format!("/apps/{}/invitations/{}", loan.id, invitation.id)).await.expect(204);
    bob.accept(&token).await.problem(ProblemCode::LinkEnded);
    bob.get(&format!("/apps/{}", loan.id)).await.problem(ProblemCode::NotFound);
    // An invitation that is withdrawn before its mail leaves is not mailed.
    let invitation = ada.invite(loan.id, "carol@example.org", Role::Viewer).await;
    ada.delete(&format!("/apps/{}/invitations/{}", loan.id, invitation.id)).await.expect(204);
    assert!(app.mails("carol@example.org").await.is_empty());
}

#[tokio::test]
async fn nobody_is_invited_to_more_than_the_inviter_may_give() {
    let app = TestApp::start().await;
    let ada = app.person("ada@example.org").await;
    let bob = app.person("bob@example.org").await;
    let loan = ada.publish("Loan", "figures").await;
    ada.share(&app, loan.id, &bob, Role::Editor).await;
    let invite = |role| NewInvitation { email: "carol@example.org".to_owned(), role };
    let path = format!("/apps/{}/invitations", loan.id);
    bob.post(&path, &invite(Role::Viewer)).await.problem(ProblemCode::Forbidden);
    for role in [Role::Owner, Role::Unknown] {
        ada.post(&path, &invite(role)).await.problem(ProblemCode::InvalidRequest);
    }
    // An editor who accepts an older viewer's invitation stays an editor.
    ada.invite(loan.id, "bob@example.org", Role::Viewer).await;
    let token = app.link("bob@example.org", "invite").await;
    assert_eq!(bob.accept(&token).await.json::<Accepted>(200).role, Role::Editor);
}

#[tokio::test]
async fn an_expiry_set_by_the_operator_ends_links() {
    let app = TestApp::with(Database::Sqlite, |config| {
        config.links.confirmation_days = Some(2);
        config.links.invitation_days = Some(3);
    })
    .await;
    let ada = app.person("ada@example.org").await;
    app.visitor().register("bob@example.org", PASSWORD).await.expect(202);
    let confirm = app.link("bob@example.org", "confirm").await;
    app.clock.advance_ms(2 * playsheet_portal_server::DAY_MS);
    app.visitor().confirm(&confirm).await.problem(ProblemCode::LinkEnded);
    // Registering again brings a new one.
    app.visitor().register("bob@example.org", "whatever else it may be").await.expect(202);
    let confirm = app.link("bob@example.org", "confirm").await;
    app.visitor().confirm(&confirm).await.expect(200);
    let mut ada = ada;
    ada.refresh().await;
    let loan = ada.publish("Loan", "figures").await;
    ada.invite(loan.id, "bob@example.org", Role::Viewer).await;
    let token = app.link("bob@example.org", "invite").await;
    app.clock.advance_ms(3 * playsheet_portal_server::DAY_MS);
    let bob = app.visitor().sign_in("bob@example.org", PASSWORD).await;
    bob.accept(&token).await.problem(ProblemCode::LinkEnded);
}

#[tokio::test]
async fn links_without_expiry_outlive_years() {
    let app = TestApp::start().await;
    app.visitor().register("bob@example.org", PASSWORD).await.expect(202);
    let confirm = app.link("bob@example.org", "confirm").await;
    app.clock.advance_ms(3_000 * playsheet_portal_server::DAY_MS);
    app.visitor().confirm(&confirm).await.expect(200);
    let bob = app.visitor().sign_in("bob@example.org", PASSWORD).await;
    assert!(bob.get("/me").await.json::<Person>(200).confirmed);
}
