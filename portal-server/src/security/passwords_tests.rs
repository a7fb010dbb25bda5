use super::*;
use crate::security::policy::judge;

fn accepted(text: &str) -> AcceptedPassword {
    judge(&SecretString::from(text), "a@example.org", 15).unwrap()
}

#[tokio::test]
async fn a_hash_opens_for_its_password_only() {
    let hasher = PasswordHasher::new(1_000, 8).unwrap();
    let phc = hasher.hash(&accepted("unrelated words in rain")).await.unwrap();
    assert!(phc.starts_with("$pbkdf2-sha256$i=1000,l=32$"), "{phc}");
    let check = |text: &'static str| {
        let (hasher, phc) = (&hasher, phc.clone());
        async move { hasher.check(&SecretString::from(text), Some(&phc)).await.unwrap() }
    };
    assert_eq!(check("unrelated words in rain").await, Checked::Right);
    assert_eq!(check("unrelated words in Rain").await, Checked::Wrong);
    assert_eq!(hasher.derivations(), 3);
}

/// The vector is computed independently, with Python's `hashlib.pbkdf2_hmac`.
#[tokio::test]
async fn a_hash_from_elsewhere_reads() {
    let phc =
        "$pbkdf2-sha256$i=600000,l=32$MDEyMzQ1Njc4OWFiY2RlZg$PnOKp4xdrC0XQjRId9j6yxmkFJklpgHJ01134jwOYh8";
    let hasher = PasswordHasher::new(600_000, 8).unwrap();
    let checked = hasher.check(&SecretString::from("unrelated words in rain"), Some(phc)).await.unwrap();
    assert_eq!(checked, Checked::Right);
}

#[tokio::test]
async fn a_cheap_hash_is_said_to_be_cheap() {
    let cheap =
        PasswordHasher::new(1_000, 8).unwrap().hash(&accepted("unrelated words in rain")).await.unwrap();
    let dear = PasswordHasher::new(2_000, 8).unwrap();
    let checked = dear.check(&SecretString::from("unrelated words in rain"), Some(&cheap)).await.unwrap();
    assert_eq!(checked, Checked::RightButCheap);
}

#[tokio::test]
async fn without_an_account_the_work_is_done_and_the_answer_is_no() {
    let hasher = PasswordHasher::new(1_000, 8).unwrap();
    assert_eq!(
        hasher.check(&SecretString::from("anything at all here"), None).await.unwrap(),
        Checked::Wrong
    );
    assert_eq!(hasher.derivations(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_queue_is_bounded() {
    let hasher = Arc::new(PasswordHasher::new(1_000, 2).unwrap());
    let places = hasher.places;
    // Every core is taken, so that all who come must wait.
    let cores = Arc::clone(&hasher.cores);
    let all = u32::try_from(cores.available_permits()).unwrap();
    let busy = cores.acquire_many(all).await.unwrap();
    let waiting: Vec<_> = (0..places)
        .map(|_| {
            let hasher = Arc::clone(&hasher);
            tokio::spawn(async move { hasher.check(&SecretString::from("x"), None).await.is_ok() })
        })
        .collect();
    while hasher.admitted.load(Ordering::SeqCst) < places {
        tokio::task::yield_now().await;
    }
    let refusal = hasher.check(&SecretString::from("x"), None).await.unwrap_err();
    assert_eq!((refusal.code, refusal.retry_after_s), (ProblemCode::Busy, Some(3)));
    assert_eq!(hasher.derivations(), 0);
    drop(busy);
    for task in waiting {
        assert!(task.await.unwrap());
    }
    assert_eq!(hasher.derivations(), places as u64);
    assert!(hasher.check(&SecretString::from("x"), None).await.is_ok(), "the places are free again");
}

#[test]
fn damaged_hashes_are_refused() {
    for phc in [
        "",
        "$",
        "$pbkdf2-sha256$i=1000,l=32$c2FsdHNhbHRzYWx0",
        "$pbkdf2-sha1$i=1000,l=32$MDEyMzQ1Njc4OWFiY2RlZg$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "$pbkdf2-sha256$v=1$i=1000,l=32$MDEyMzQ1Njc4OWFiY2RlZg$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "$pbkdf2-sha256$i=1000,l=32,x=1$MDEyMzQ1Njc4OWFiY2RlZg$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "$pbkdf2-sha512$i=1000,l=32$MDEyMzQ1Njc4OWFiY2RlZg$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "$argon2id$v=19$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "$pbkdf2-sha256$i=0,l=32$MDEyMzQ1Njc4OWFiY2RlZg$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "$pbkdf2-sha256$i=4000000000,l=32$MDEyMzQ1Njc4OWFiY2RlZg$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "$pbkdf2-sha256$i=1000,l=16$MDEyMzQ1Njc4OWFiY2RlZg$AAAAAAAAAAAAAAAAAAAAAA",
    ] {
        assert!(read(phc).is_err(), "{phc}");
    }
}
