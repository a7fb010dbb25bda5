//! What pages load: the stylesheet, the tokens, one script, the font. All from the program itself.

use std::sync::LazyLock;

use axum::{
    extract::Path,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};

use crate::refusal::Refusal;

static TOKENS: LazyLock<String> = LazyLock::new(|| look::TOKENS.css_custom_properties());

/// One file. The same for everybody; asked for again after an hour.
pub async fn file(Path(name): Path<String>) -> Response {
    let (kind, body): (&'static str, &'static [u8]) = match name.as_str() {
        "tokens.css" => ("text/css; charset=utf-8", TOKENS.as_bytes()),
        "style.css" => ("text/css; charset=utf-8", include_bytes!("../../static/style.css")),
        "pages.css" => ("text/css; charset=utf-8", include_bytes!("../../static/pages.css")),
        "app.css" => ("text/css; charset=utf-8", include_bytes!("../../static/app.css")),
        "pages.js" => ("text/javascript; charset=utf-8", include_bytes!("../../static/pages.js")),
        "studio.js" => ("text/javascript; charset=utf-8", include_bytes!("../../static/studio.js")),
        "icon.svg" => ("image/svg+xml", include_bytes!("../../static/icon.svg")),
        "inter.ttf" => ("font/ttf", look::fonts::SANS),
        _ => return Refusal::not_found().into_response(),
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600")),
    ];
    (headers, body).into_response()
}
