//! Leases: whether an app may run without the portal now.
//!
//! A lease is decided by its signed document alone, checked with the portal's key that was stored at sign-in. The
//! clock is not trusted to stand still: the vault's time guard is asked before any lease is.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use portal_api::{AppId, DeviceId, Lease, LeaseKey, PersonId, SignedLease};
use ring::signature::{ED25519, UnparsedPublicKey};

/// The longest time that any lease gives, whatever it says.
const LONGEST_MS: i64 = 30 * 24 * 60 * 60 * 1_000;

/// For whom a lease must be.
#[derive(Clone, Debug)]
pub(crate) struct Holder {
    pub portal: String,
    pub key: LeaseKey,
    pub person: PersonId,
    pub device: DeviceId,
}

/// A lease that was checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Checked {
    /// When the portal signed it, by its clock.
    pub issued_ms: i64,
    /// When it ends.
    pub until_ms: i64,
}

impl Holder {
    /// Checks a lease for an app; the reason where it is not valid. That its time is over is not checked here.
    pub fn check(&self, app: AppId, signed: &SignedLease) -> Result<Checked, &'static str> {
        if signed.key_id != self.key.key_id || self.key.algorithm != "Ed25519" {
            return Err("it is signed with a key that this device does not know; sign in again");
        }
        let decode = |text: &str| BASE64URL.decode(text).map_err(|_| "it cannot be read");
        let document = decode(&signed.document)?;
        let signature = decode(&signed.signature)?;
        let key = decode(&self.key.public_key)?;
        UnparsedPublicKey::new(&ED25519, key)
            .verify(&document, &signature)
            .map_err(|_| "its signature is not the portal's")?;
        let lease: Lease = serde_json::from_slice(&document).map_err(|_| "it cannot be read")?;
        if lease.schema != 1 {
            return Err("it is of a newer kind; install a newer version of Playsheet");
        }
        if lease.portal != self.portal || lease.app != app {
            return Err("it is for another app");
        }
        if lease.person != self.person || lease.device != self.device {
            return Err("it is for another device");
        }
        let until_ms = lease.until_ms.min(lease.issued_ms.saturating_add(LONGEST_MS));
        Ok(Checked { issued_ms: lease.issued_ms, until_ms })
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use ring::signature::{Ed25519KeyPair, KeyPair as _};

    /// A portal's signing key and the holder of its leases.
    pub(crate) fn portal() -> (Ed25519KeyPair, Holder) {
        let pair = Ed25519KeyPair::from_seed_unchecked(&[5; 32]).unwrap();
        let public_key = BASE64URL.encode(pair.public_key().as_ref());
        let holder = Holder {
            portal: "instance".into(),
            key: LeaseKey { key_id: "k1".into(), algorithm: "Ed25519".into(), public_key },
            person: PersonId::mint(),
            device: DeviceId::mint(),
        };
        (pair, holder)
    }

    pub(crate) fn sign(pair: &Ed25519KeyPair, document: &[u8]) -> SignedLease {
        SignedLease {
            document: BASE64URL.encode(document),
            signature: BASE64URL.encode(pair.sign(document).as_ref()),
            key_id: "k1".into(),
            until_ms: i64::MAX,
        }
    }

    fn lease(holder: &Holder, app: AppId) -> Lease {
        Lease {
            schema: 1,
            portal: holder.portal.clone(),
            app,
            person: holder.person,
            device: holder.device,
            issued_ms: 1_000,
            until_ms: 2_000,
        }
    }

    #[test]
    fn a_lease_holds_for_its_app_person_device_and_portal_only() {
        let (pair, holder) = portal();
        let app = AppId::mint();
        let good = lease(&holder, app);
        let signed = |lease: &Lease| sign(&pair, &serde_json::to_vec(lease).unwrap());
        assert_eq!(holder.check(app, &signed(&good)), Ok(Checked { issued_ms: 1_000, until_ms: 2_000 }));
        assert!(holder.check(AppId::mint(), &signed(&good)).is_err());
        for bad in [
            Lease { schema: 2, ..good.clone() },
            Lease { portal: "other".into(), ..good.clone() },
            Lease { app: AppId::mint(), ..good.clone() },
            Lease { person: PersonId::mint(), ..good.clone() },
            Lease { device: DeviceId::mint(), ..good },
        ] {
            assert!(holder.check(app, &signed(&bad)).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn no_lease_is_longer_than_thirty_days_and_the_unsigned_end_counts_for_nothing() {
        let (pair, holder) = portal();
        let app = AppId::mint();
        let endless = Lease { until_ms: i64::MAX, ..lease(&holder, app) };
        let checked = holder.check(app, &sign(&pair, &serde_json::to_vec(&endless).unwrap())).unwrap();
        assert_eq!(checked.until_ms, 1_000 + LONGEST_MS);
    }

    #[test]
    fn every_changed_byte_of_document_or_signature_is_found() {
        let (pair, holder) = portal();
        let app = AppId::mint();
        let document = serde_json::to_vec(&lease(&holder, app)).unwrap();
        let good = sign(&pair, &document);
        for place in 0..document.len() {
            let mut changed = document.clone();
            changed[place] ^= 1;
            let bad = SignedLease { document: BASE64URL.encode(&changed), ..good.clone() };
            assert!(holder.check(app, &bad).is_err(), "byte {place} of the document");
        }
        for place in 0..64 {
            let mut signature = BASE64URL.decode(&good.signature).unwrap();
            signature[place] ^= 1;
            let bad = SignedLease { signature: BASE64URL.encode(&signature), ..good.clone() };
            assert!(holder.check(app, &bad).is_err(), "byte {place} of the signature");
        }
        for bad in [
            SignedLease { key_id: "k2".into(), ..good.clone() },
            SignedLease { document: "*".into(), ..good.clone() },
            SignedLease { signature: String::new(), ..good },
        ] {
            assert!(holder.check(app, &bad).is_err());
        }
    }
}
