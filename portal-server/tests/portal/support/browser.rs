//! A browser, as far as creation needs one: it keeps cookies, uploads, and sends forms.

use reqwest::{
    Method,
    multipart::{Form, Part},
};
use rust_xlsxwriter::{Format, Workbook};
use serde_json::Value;

use super::{Answer, PASSWORD, TestApp, people::send};

/// A workbook with two inputs and a result, under these words.
pub fn workbook(sheet: &str, first: &str, second: &str) -> Vec<u8> {
    let mut book = Workbook::new();
    let open = Format::new().set_unlocked();
    let page = book.add_worksheet();
    page.set_name(sheet).unwrap();
    page.write(0, 0, first).unwrap();
    page.write_with_format(0, 1, 180, &open).unwrap();
    page.write(1, 0, second).unwrap();
    page.write_with_format(1, 1, 75, &open).unwrap();
    page.write(3, 0, "Body mass index").unwrap();
    page.write_formula(3, 1, "=B2/(B1/100)^2").unwrap();
    page.protect();
    book.save_to_buffer().unwrap()
}

/// A browser: keeps its cookies.
pub struct Browser<'a> {
    app: &'a TestApp,
    /// The cookies, `name=value`.
    pub cookies: Vec<String>,
    /// What it says in `Accept-Language`.
    pub languages: &'static str,
}

impl<'a> Browser<'a> {
    /// A browser without cookies.
    pub fn new(app: &'a TestApp) -> Self {
        Self { app, cookies: Vec::new(), languages: "" }
    }

    /// A request as a page of this portal sends it.
    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let request = self.app.visitor().request(method, path).header("sec-fetch-site", "same-origin");
        let request = if self.languages.is_empty() {
            request
        } else {
            request.header("accept-language", self.languages)
        };
        if self.cookies.is_empty() { request } else { request.header("cookie", self.cookies.join("; ")) }
    }

    /// Uploads a spreadsheet.
    pub async fn upload(&mut self, bytes: Vec<u8>, name: &str) -> Answer {
        let form = Form::new().part("spreadsheet", Part::bytes(bytes).file_name(name.to_owned()));
        let answer = send(self.request(Method::POST, "/api/v1/creations").multipart(form)).await;
        self.keep(&answer);
        answer
    }

    /// Keeps the cookies that an answer sets, and drops those that it ends.
    pub fn keep(&mut self, answer: &Answer) {
        for value in answer.headers.get_all("set-cookie") {
            let (pair, rest) = value.to_str().unwrap().split_once(';').unwrap();
            let name = pair.split('=').next().unwrap();
            self.cookies.retain(|cookie| cookie.split('=').next() != Some(name));
            if !rest.contains("Max-Age=0") {
                self.cookies.push(pair.to_owned());
            }
        }
    }

    /// Signs in.
    pub async fn sign_in(&mut self, email: &str) {
        let visitor = self.app.visitor();
        let fields = [("email", email), ("password", PASSWORD)];
        let answer = visitor.form("/sign-in", &fields, None).await;
        self.keep(&answer);
    }

    /// Gets a path.
    pub async fn get(&self, path: &str) -> Answer {
        send(self.request(Method::GET, path)).await
    }

    /// Sends JSON.
    pub async fn json(&self, method: Method, path: &str, body: &Value) -> Answer {
        send(self.request(method, path).json(body)).await
    }

    /// Sends a form.
    pub async fn form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.app.visitor().form(path, fields, Some(&self.cookies.join("; "))).await
    }
}

/// The id of a creation that was begun.
pub fn id_of(answer: &Answer) -> String {
    answer.json::<Value>(201)["id"].as_str().unwrap().to_owned()
}

/// The lines of a creation's outline that have a role.
pub fn of_role<'a>(state: &'a Value, role: &str) -> Vec<&'a Value> {
    state["outline"].as_array().unwrap().iter().filter(|node| node["role"] == role).collect()
}
