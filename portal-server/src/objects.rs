//! Where sealed objects lie. The storage sees cipher text and random names only.

use std::path::Path;

use axum::body::Bytes;
use futures_util::stream::BoxStream;
use object_store::{ObjectStoreExt, PutPayload, local::LocalFileSystem, path::Path as ObjectPath};
use portal_api::{AppId, ObjectId};

use crate::{
    files::make_private_folder,
    refusal::{Cause, Refusal},
    sealing::{self, DataKey, KeyWrap},
    security::bytes::sha256_hex,
    store::{entities::object, stored_number},
};

/// The storage of sealed objects.
pub struct Objects {
    storage: LocalFileSystem,
    wrap: KeyWrap,
}

impl Objects {
    /// Objects in a folder, which is made where it is not there.
    ///
    /// # Errors
    /// When the folder cannot be made or used.
    pub fn in_folder(folder: &Path, wrap: KeyWrap) -> Result<Self, Cause> {
        make_private_folder(folder)
            .map_err(|error| Cause::Stored(format!("{}: {error}", folder.display())))?;
        let storage = LocalFileSystem::new_with_prefix(folder)?.with_automatic_cleanup(true);
        Ok(Self { storage, wrap })
    }

    /// Seals bytes and puts them into the storage; answers with the row that makes them known.
    ///
    /// # Errors
    /// When sealing or storing fails.
    pub async fn put(&self, app: AppId, plain: Bytes, now_ms: i64) -> Result<object::Model, Refusal> {
        let id = ObjectId::mint();
        let (key, wrapped_key) = self.wrap.fresh(id)?;
        let size = stored_number(plain.len() as u64);
        let work = move || sealing::seal(id, &key, &plain).map(|sealed| (sealed, sha256_hex(&plain)));
        let (sealed, sha256) = tokio::task::spawn_blocking(work).await.map_err(|_| Cause::Task)??;
        self.storage.put(&path(id), PutPayload::from(sealed)).await?;
        Ok(object::Model {
            id: id.to_string(),
            app_id: app.to_string(),
            wrapped_key,
            size,
            sha256,
            created_ms: now_ms,
        })
    }

    /// The sealed bytes of an object, in pieces, with their number.
    ///
    /// # Errors
    /// When the storage has no such object or fails.
    pub async fn get(
        &self,
        id: ObjectId,
    ) -> Result<(u64, BoxStream<'static, object_store::Result<Bytes>>), object_store::Error> {
        let found = self.storage.get(&path(id)).await?;
        Ok((found.meta.size, found.into_stream()))
    }

    /// The data key of an object.
    ///
    /// # Errors
    /// When the wrapped key does not open.
    pub fn key(&self, id: ObjectId, row: &object::Model) -> Result<DataKey, Cause> {
        self.wrap.unwrap(id, &row.wrapped_key)
    }

    /// Removes objects that never became known; failing to leaves unreadable bytes behind, nothing worse.
    pub async fn forget(&self, rows: &[object::Model]) {
        for row in rows {
            if let Ok(id) = row.id.parse()
                && let Err(error) = self.storage.delete(&path(id)).await
            {
                tracing::warn!(object = %row.id, %error, "a sealed object could not be removed");
            }
        }
    }

    /// Whether the storage answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<(), object_store::Error> {
        match self.storage.head(&ObjectPath::from("readiness")).await {
            Ok(_) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

fn path(id: ObjectId) -> ObjectPath {
    let name = id.to_string();
    let shelf = name.get(..2).unwrap_or_default().to_owned();
    ObjectPath::from_iter([shelf, name])
}
