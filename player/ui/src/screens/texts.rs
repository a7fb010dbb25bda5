//! What the screens say, in English and German, and how they write days.
//!
//! Both languages stand side by side, so that a sentence cannot exist in one alone.
//!
//! Invariant: places `{0}`, `{1}`, ... are the same in both languages (a test compares them).

use engine::numfmt::Locale;

use crate::widgets::{Date, DateLocale, Words};

macro_rules! texts {
    ($($field:ident = $english:literal, $german:literal;)*) => {
        /// The sentences and labels of the screens in one language.
        #[derive(Debug)]
        #[allow(missing_docs)] // The English words beside each name are its description.
        pub struct Texts {
            $(pub $field: &'static str,)*
        }

        static ENGLISH: Texts = Texts { $($field: $english,)* };
        static GERMAN: Texts = Texts { $($field: $german,)* };

        #[cfg(test)]
        const PAIRS: &[(&str, &str)] = &[$(($english, $german),)*];
    };
}

texts! {
    apps = "Apps", "Apps";
    messages = "Messages", "Meldungen";
    settings = "Settings", "Einstellungen";
    settings_short = "Settings", "Optionen";
    sync_short = "Sync", "Abgleich";
    navigation = "Main navigation", "Hauptnavigation";
    back = "Back to apps", "Zurück zu den Apps";
    undo = "Undo", "Rückgängig";
    redo = "Redo", "Wiederholen";
    reset_all = "Reset inputs", "Eingaben zurücksetzen";
    reset_one = "Reset {0}", "{0} zurücksetzen";
    increase = "Increase {0}", "{0} erhöhen";
    decrease = "Decrease {0}", "{0} verringern";
    rating = "{0}: {1} of {2}", "{0}: {1} von {2}";
    required = "{0} (required)", "{0} (Pflichtangabe)";
    calculating = "Calculating", "Wird berechnet";
    inputs = "Inputs", "Eingaben";
    results = "Results", "Ergebnisse";
    page = "Page", "Seite";
    page_of = "Page {0} of {1}", "Seite {0} von {1}";
    next = "Next", "Weiter";
    previous = "Back", "Zurück";
    no_value = "no value yet", "noch kein Wert";
    nothing_here = "This app shows nothing here. Ask its creator to add inputs and results.",
        "Diese App zeigt hier nichts. Ihr Ersteller kann Eingaben und Ergebnisse hinzufügen.";
    nothing_on_page = "This page has no content right now. It depends on what you enter on the other pages.",
        "Diese Seite ist zurzeit leer. Das hängt davon ab, was auf den anderen Seiten eingegeben ist.";
    list_empty = "No entries yet.", "Noch keine Einträge.";
    list = "List", "Liste";
    chart = "Chart", "Diagramm";
    entry = "Entry", "Eintrag";
    category = "Category", "Kategorie";
    opening = "Opening {0}", "{0} wird geöffnet";
    not_opened = "{0} could not be opened.", "{0} konnte nicht geöffnet werden.";
    try_again = "Try again", "Erneut versuchen";
    newer_version = "A newer version of {0} has arrived. Your entries here are not carried over.",
        "Eine neuere Version von {0} ist da. Die Eingaben hier werden nicht übernommen.";
    open_newer = "Open new version", "Neue Version öffnen";
    news_first = "{0} is new here.", "{0} ist neu hier.";
    news_layout = "Version {0}: its layout has changed.", "Version {0}: Die Gestaltung wurde geändert.";
    news_data = "Version {0}: its spreadsheet has changed.", "Version {0}: Die Tabelle wurde geändert.";
    news_both = "Version {0}: layout and spreadsheet have changed.",
        "Version {0}: Gestaltung und Tabelle wurden geändert.";
    search_apps = "Search apps", "Apps suchen";
    sync_now = "Sync now", "Jetzt abgleichen";
    cancel_sync = "Cancel sync", "Abgleich abbrechen";
    up_to_date = "Up to date", "Aktuell";
    updated = "Updated", "Aktualisiert";
    new_here = "New", "Neu";
    offline_until = "Offline until {0}", "Offline bis {0}";
    runs_until = "Runs offline until {0}", "Läuft offline bis {0}";
    offline = "Offline", "Offline";
    withdrawn = "Withdrawn", "Entzogen";
    ended = "Sync to use again", "Zum Nutzen abgleichen";
    needs_sign_in = "Needs sign-in", "Anmeldung nötig";
    incomplete = "Sync to complete", "Zum Ergänzen abgleichen";
    needs_newer = "Update Playsheet", "Playsheet erneuern";
    syncing = "Syncing", "Wird abgeglichen";
    asking = "Asking the portal what is new", "Das Portal wird nach Neuem gefragt";
    fetching = "Fetching {0}", "{0} wird geholt";
    synced_at = "Synced {0}", "Abgeglichen {0}";
    never_synced = "Not synced yet", "Noch nicht abgeglichen";
    no_match = "No app is called “{0}”.", "Keine App heißt „{0}“.";
    show_all_apps = "Show all apps", "Alle Apps zeigen";
    first_run = "You have no apps yet. Apps that are shared with {0} appear here after the next sync. You can also drop a spreadsheet onto this window.",
        "Noch keine Apps. Was mit {0} geteilt wird, erscheint hier nach dem nächsten Abgleich. Eine Tabelle lässt sich auch auf dieses Fenster ziehen.";
    confirm_first = "Confirm {0} first, if that is still to be done: open the link in the mail that the portal sent.",
        "Falls noch nicht geschehen, zuerst {0} bestätigen: über den Link in der E-Mail des Portals.";
    offline_banner = "The portal cannot be reached. Each app keeps working offline until the day on its tile.",
        "Das Portal ist nicht erreichbar. Jede App läuft offline weiter, bis zu dem Tag auf ihrer Kachel.";
    signed_out_banner = "The portal has ended your sign-in. Your apps keep working for now. Sign in to get updates.",
        "Das Portal hat die Anmeldung beendet. Die Apps laufen vorerst weiter. Für Aktualisierungen neu anmelden.";
    not_told = "The portal could not be told about the sign-out. End this device in your account there.",
        "Das Portal hat von der Abmeldung nichts erfahren. Das Gerät lässt sich dort im Konto abmelden.";
    wrong_sign_in = "The e-mail address or the password is wrong.",
        "Die E-Mail-Adresse oder das Passwort ist falsch.";
    bad_address = "“{0}” is not the address of a portal. It looks like https://portal.example.org.",
        "„{0}“ ist keine Adresse eines Portals. Sie sieht so aus: https://portal.example.org.";
    portal_away = "{0} cannot be reached. Check the address and the network, then try again.",
        "{0} ist nicht erreichbar. Adresse und Netzwerk prüfen, dann erneut versuchen.";
    portal_slow = "{0} did not answer in time. Try again in a moment.",
        "{0} hat nicht rechtzeitig geantwortet. In einem Moment erneut versuchen.";
    no_portal = "{0} answers, but not as a Playsheet portal. Check the address.",
        "{0} antwortet, aber nicht als Playsheet-Portal. Die Adresse prüfen.";
    too_many_tries = "Too many tries. Wait {0} minutes, then try again.",
        "Zu viele Versuche. {0} Minuten warten, dann erneut versuchen.";
    sync_failed = "The sync stopped: {0}", "Der Abgleich brach ab: {0}";
    sign_in_again = "Sign in again", "Neu anmelden";
    sign_in_title = "Sign in", "Anmelden";
    sign_in_lead = "Your apps come from a portal. Its address is in your invitation.",
        "Die Apps kommen von einem Portal. Seine Adresse steht in der Einladung.";
    portal_address = "Portal address", "Adresse des Portals";
    portal_hint = "https://portal.example.org", "https://portal.example.org";
    email = "E-mail", "E-Mail";
    password = "Password", "Passwort";
    sign_in = "Sign in", "Anmelden";
    signing_in = "Signing in", "Anmeldung läuft";
    without_portal = "To use a spreadsheet without a portal, drop it onto this window.",
        "Um eine Tabelle ohne Portal zu nutzen, sie auf dieses Fenster ziehen.";
    address_missing = "Enter the address of your portal.", "Die Adresse des Portals fehlt.";
    email_missing = "Enter your e-mail address.", "Die E-Mail-Adresse fehlt.";
    email_odd = "An e-mail address looks like name@example.org.", "Eine E-Mail-Adresse sieht so aus: name@example.org.";
    password_missing = "Enter your password.", "Das Passwort fehlt.";
    starting = "Opening your apps", "Die Apps werden geöffnet";
    unlock_title = "Unlock your apps", "Apps entsperren";
    unlock_lead = "Your apps are encrypted with a passphrase of yours.",
        "Die Apps sind mit einer eigenen Passphrase verschlüsselt.";
    choose_title = "Choose a passphrase", "Passphrase wählen";
    choose_lead = "Your apps are encrypted with a passphrase, because this computer has no secret store that Playsheet can use: {0}. A lost passphrase cannot be recovered.",
        "Die Apps werden mit einer Passphrase verschlüsselt, weil es auf diesem Computer keinen nutzbaren Schlüsselspeicher gibt: {0}. Eine verlorene Passphrase ist nicht wiederherstellbar.";
    passphrase = "Passphrase", "Passphrase";
    passphrase_again = "Passphrase again", "Passphrase wiederholen";
    passphrase_hint = "At least 12 characters", "Mindestens 12 Zeichen";
    passphrase_missing = "Enter the passphrase.", "Die Passphrase fehlt.";
    passphrases_differ = "The two passphrases differ.", "Die Passphrasen stimmen nicht überein.";
    unlock = "Unlock", "Entsperren";
    encrypt = "Encrypt with this passphrase", "Mit dieser Passphrase verschlüsseln";
    broken_title = "Your apps cannot be opened", "Die Apps lassen sich nicht öffnen";
    broken_hopeless = "Start over to erase what is on this computer. Your apps come back from the portal once you sign in again.",
        "Neu beginnen löscht, was auf diesem Computer liegt. Nach der Anmeldung kommen die Apps vom Portal zurück.";
    broken_kept = "Nothing was changed. Try again when the cause is gone.",
        "Nichts wurde verändert. Erneut versuchen, wenn die Ursache behoben ist.";
    start_over = "Start over", "Neu beginnen";
    start_over_title = "Erase the apps on this computer?", "Apps auf diesem Computer löschen?";
    start_over_text = "Then sign in again; your apps come back with the first sync.",
        "Danach neu anmelden; die Apps kommen mit dem ersten Abgleich zurück.";
    erase = "Erase apps", "Apps löschen";
    appearance = "Appearance", "Darstellung";
    theme = "Theme", "Farbschema";
    light = "Light", "Hell";
    dark = "Dark", "Dunkel";
    system = "System", "System";
    less_motion = "Reduce motion", "Weniger Bewegung";
    account = "Account", "Konto";
    name = "Name", "Name";
    portal = "Portal", "Portal";
    sign_out = "Sign out", "Abmelden";
    sign_out_title = "Sign out and remove the apps from this computer?",
        "Abmelden und die Apps von diesem Computer entfernen?";
    sign_out_text = "The apps stay in the portal. Sign in again to get them back.",
        "Die Apps bleiben im Portal. Nach der nächsten Anmeldung kommen sie zurück.";
    stay = "Stay signed in", "Angemeldet bleiben";
    storage = "Storage", "Speicher";
    protection = "Protected by", "Geschützt durch";
    protection_system = "the secret store of this computer", "den Schlüsselspeicher dieses Computers";
    protection_passphrase = "a passphrase", "eine Passphrase";
    protection_both = "the secret store and a passphrase", "Schlüsselspeicher und Passphrase";
    folder = "Folder", "Ordner";
    size = "Size", "Größe";
    app_count = "Apps", "Apps";
    about = "About", "Über";
    version = "Version", "Version";
    source_title = "Sign in for {0}", "Anmelden für {0}";
    source_text = "{0} asks for a name and a password before it gives the spreadsheet. They go to this address only.",
        "{0} verlangt einen Namen und ein Passwort, bevor es die Tabelle herausgibt. Beides geht nur an diese Adresse.";
    user_name = "User name", "Benutzername";
    user_missing = "Enter the user name.", "Der Benutzername fehlt.";
    save_and_sync = "Save and sync", "Sichern und abgleichen";
    withdrawn_title = "{0} is not available any more", "{0} ist nicht mehr verfügbar";
    remove_from_list = "Remove from list", "Aus der Liste entfernen";
    keep = "Keep", "Behalten";
    message_count = "{0} messages", "{0} Meldungen";
    open_file = "Spreadsheet on this computer", "Tabelle auf diesem Computer";
}

/// The language and the ways of writing numbers and days of one person.
#[derive(Clone, Debug)]
pub struct Language {
    /// What the screens say.
    pub texts: &'static Texts,
    /// How numbers are written.
    pub locale: &'static Locale,
    /// How days are written and named.
    pub dates: DateLocale,
}

impl Language {
    /// The language of a locale; English words where there are no others.
    pub fn of(locale: &'static Locale) -> Self {
        match locale.language() {
            "de" => Self { texts: &GERMAN, locale, dates: DateLocale::german() },
            "en" if locale.tag == "en-US" => Self { texts: &ENGLISH, locale, dates: DateLocale::american() },
            _ => Self { texts: &ENGLISH, locale, dates: DateLocale::iso() },
        }
    }

    /// The words that widgets say on their own in this language.
    pub fn words(&self) -> Words {
        if self.locale.language() == "de" { german_words() } else { Words::english() }
    }

    /// A day without its year: "28 Nov", in American English "Nov 28", in German "28. Nov.".
    pub fn short_day(&self, date: Date) -> String {
        let at = (date.month() as usize).saturating_sub(1) % 12;
        let month = self.locale.months_short[at];
        match self.locale.tag {
            "en-US" => format!("{month} {}", date.day()),
            _ if self.locale.language() == "de" => {
                format!(
                    "{}. {}{}",
                    date.day(),
                    month,
                    if month.ends_with('.') || month.len() < 4 && month == "Mai" { "" } else { "." }
                )
            }
            _ => format!("{} {month}", date.day()),
        }
    }
}

impl Default for Language {
    fn default() -> Self {
        Self::of(Locale::en_us())
    }
}

/// `pattern` with its places filled.
pub(crate) fn fill(pattern: &str, values: &[&str]) -> String {
    Words::fill(pattern, values)
}

fn german_words() -> Words {
    let own = |text: &str| text.to_owned();
    Words {
        search: own("Suchen"),
        clear_search: own("Suche leeren"),
        count_of: own("{0} von {1}"),
        no_match_for: own("Nichts passt zu „{0}“."),
        no_match: own("Nichts passt zu diesen Filtern."),
        show_all: own("Alle zeigen"),
        sort: own("Sortieren"),
        sorted_by: own("Sortiert nach {0}"),
        loading: own("Wird geladen"),
        choose: own("Auswählen"),
        open_calendar: own("{0} im Kalender wählen"),
        today: own("Heute"),
        previous_month: own("Voriger Monat"),
        next_month: own("Nächster Monat"),
        not_a_date: own("Datum so eingeben: {0}"),
        as_table: own("Als Tabelle"),
        as_chart: own("Als Diagramm"),
        no_values: own("Noch nichts zu zeigen"),
        series_runs: own("{0}: {2} bei {1}, {4} bei {3}."),
        series_extremes: own("Größter Wert {0} bei {1}, kleinster {2} bei {3}."),
        dismiss: own("Schließen"),
        cancel: own("Abbrechen"),
        history: own("Meldungen"),
        no_history: own("Noch keine Meldungen."),
        rose_by: own("gestiegen um {0}"),
        fell_by: own("gefallen um {0}"),
        problem: own("Problem"),
        warning: own("Warnung"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(text: &str) -> Vec<&str> {
        let mut places: Vec<&str> =
            text.match_indices('{').filter_map(|(at, _)| text.get(at..at + 3)).collect();
        places.sort_unstable();
        places.dedup();
        places
    }

    #[test]
    fn both_languages_have_the_same_places() {
        for (english, german) in PAIRS {
            assert_eq!(places(english), places(german), "{english:?} and {german:?} differ");
            assert!(!german.trim().is_empty(), "{english:?} is not translated");
        }
    }

    #[test]
    fn days_are_written_as_each_language_does() {
        let day = Date::new(2026, 11, 28).unwrap();
        let may = Date::new(2026, 5, 3).unwrap();
        let of = |tag: &str| Language::of(Locale::from_tag(tag).unwrap());
        assert_eq!(of("en-US").short_day(day), "Nov 28");
        assert_eq!(of("en-GB").short_day(day), "28 Nov");
        assert_eq!(of("de-DE").short_day(day), "28. Nov.");
        assert_eq!(of("de-DE").short_day(may), "3. Mai");
    }
}
