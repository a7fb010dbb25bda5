use super::*;

fn key(byte: u8) -> DataKey {
    Zeroizing::new([byte; 32])
}

fn text(len: usize) -> Vec<u8> {
    (0..len).map(|n| (n % 251) as u8).collect()
}

#[test]
fn every_length_around_a_chunk_comes_back() {
    let object = ObjectId::mint();
    for len in [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES, 3 * CHUNK_BYTES + 5] {
        let sealed = seal(object, &key(1), &text(len)).unwrap();
        let chunks = len.div_ceil(CHUNK_BYTES).max(1);
        assert_eq!(sealed.len(), HEADER_BYTES + len + chunks * TAG_BYTES);
        assert_eq!(open(object, &key(1), &sealed).unwrap(), text(len), "{len}");
    }
}

#[test]
fn every_changed_byte_is_found() {
    let object = ObjectId::mint();
    let sealed = seal(object, &key(1), &text(100)).unwrap();
    for place in 0..sealed.len() {
        let mut changed = sealed.clone();
        changed[place] ^= 1;
        assert!(open(object, &key(1), &changed).is_err(), "byte {place}");
    }
}

#[test]
fn cutting_adding_and_moving_chunks_is_found() {
    let object = ObjectId::mint();
    let whole = CHUNK_BYTES + TAG_BYTES;
    let sealed = seal(object, &key(1), &text(3 * CHUNK_BYTES)).unwrap();
    let (head, body) = sealed.split_at(HEADER_BYTES);
    let pieces: Vec<&[u8]> = body.chunks(whole).collect();
    let build = |order: &[usize]| {
        let mut bytes = head.to_vec();
        order.iter().for_each(|n| bytes.extend_from_slice(pieces[*n]));
        open(object, &key(1), &bytes)
    };
    assert!(build(&[0, 1, 2]).is_ok());
    for order in [&[0, 1][..], &[0], &[], &[1, 0, 2], &[0, 1, 2, 2], &[0, 2], &[2]] {
        assert!(build(order).is_err(), "{order:?}");
    }
    for cut in [1, TAG_BYTES, TAG_BYTES + 1, whole - 1] {
        assert!(open(object, &key(1), &sealed[..sealed.len() - cut]).is_err());
    }
}

#[test]
fn key_and_object_are_bound() {
    let (object, other) = (ObjectId::mint(), ObjectId::mint());
    let sealed = seal(object, &key(1), b"figures").unwrap();
    assert_eq!(open(object, &key(2), &sealed), Err(OpenError::Chunk(0)));
    assert_eq!(open(other, &key(1), &sealed), Err(OpenError::Header));
    let mut renamed = sealed;
    renamed[8..24].copy_from_slice(other.0.as_bytes());
    assert_eq!(open(other, &key(1), &renamed), Err(OpenError::Chunk(0)));
}

#[test]
fn the_layout_is_the_documented_one() {
    let object = ObjectId(uuid::Uuid::from_u128(0x0011_2233_4455_6677_8899_aabb_ccdd_eeff));
    let sealed = seal(object, &key(9), b"B1").unwrap();
    assert_eq!(&sealed[..8], &[0x50, 0x53, 0x53, 0x45, 0x41, 0x4c, 0x0a, 0x01]);
    assert_eq!(&sealed[8..24], object.0.as_bytes());
    assert_eq!(&sealed[28..32], &[0, 1, 0, 0]);
    // Opened by hand, from the description alone.
    let mut nonce = [0; 12];
    nonce[..4].copy_from_slice(&sealed[24..28]);
    let mut additional = sealed[..32].to_vec();
    additional.extend_from_slice(&[0, 0, 0, 0, 0, 0, 0, 0, 1]);
    let cipher = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &[9; 32]).unwrap());
    let mut chunk = sealed[32..].to_vec();
    let plain = cipher.open_in_place(Nonce::assume_unique_for_key(nonce), Aad::from(&additional), &mut chunk);
    assert_eq!(plain.unwrap(), b"B1");
}

#[test]
fn a_wrapped_key_opens_for_its_object_and_instance_only() {
    let wrap = KeyWrap::new(&key(3)).unwrap();
    let object = ObjectId::mint();
    let (bare, wrapped) = wrap.fresh(object).unwrap();
    assert_eq!(wrapped.len(), 61);
    assert_eq!(*wrap.unwrap(object, &wrapped).unwrap(), *bare);
    assert!(wrap.unwrap(ObjectId::mint(), &wrapped).is_err());
    assert!(KeyWrap::new(&key(4)).unwrap().unwrap(object, &wrapped).is_err());
    for place in 0..wrapped.len() {
        let mut changed = wrapped.clone();
        changed[place] ^= 1;
        assert!(wrap.unwrap(object, &changed).is_err(), "byte {place}");
    }
}
