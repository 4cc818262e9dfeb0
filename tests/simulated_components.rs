//! The simulated Discord lets components stand where Discord does, and people use and fill them in.

mod stage;

use cordial::twilight::model::application::interaction::InteractionData;
use cordial::twilight::model::application::interaction::modal::{
    ModalInteractionComponent as Filled, ModalInteractionData,
};
use cordial::twilight::model::channel::message::MessageFlags;
use cordial::twilight::model::http::attachment::Attachment;
use serde_json::{Value, json};

use crate::stage::{Stage, refusal};

const LAYOUT: u64 = 1 << 15;

fn text(content: &str) -> Value {
    json!({ "type": 10, "content": content })
}

fn button(custom_id: &str) -> Value {
    json!({ "type": 2, "style": 1, "label": custom_id.to_uppercase(), "custom_id": custom_id })
}

fn row(components: &[Value]) -> Value {
    json!({ "type": 1, "components": components })
}

fn option(name: &str) -> Value {
    json!({ "label": name, "value": name.to_lowercase() })
}

fn menu(custom_id: &str, options: &[&str]) -> Value {
    let options: Vec<_> = options.iter().map(|name| option(name)).collect();
    json!({ "type": 3, "custom_id": custom_id, "options": options })
}

/// Two copies of something, one after the other.
fn twice(component: &Value) -> Vec<Value> {
    vec![component.clone(), component.clone()]
}

fn with(mut component: Value, field: &str, value: Value) -> Value {
    component[field] = value;
    component
}

/// A section with a button, and a container with a text and a menu.
fn layout() -> Value {
    let section = json!({ "type": 9, "components": [text("Song 1")], "accessory": button("play") });
    let separator = json!({ "type": 14 });
    let inner = [
        text("Song 2"),
        separator,
        row(&[menu("how", &["Loud", "Low"])]),
    ];
    json!([text("Songs"), section, { "type": 17, "components": inner }])
}

// Messages of components.

#[tokio::test(start_paused = true)]
async fn a_message_of_components_says_their_texts_in_order() {
    let stage = Stage::new().await;

    stage
        .show(json!({ "flags": LAYOUT, "components": layout() }))
        .await;

    let message = stage.sim.newest_message().expect("a message");
    let said = "Songs\nSong 1\nSong 2";
    assert_eq!(stage.sim.content(message).as_deref(), Some(said));
    let transcript = stage.sim.stop().await;
    transcript.assert_replies(&[said]);
}

#[tokio::test(start_paused = true)]
async fn what_lies_deep_in_a_layout_can_be_used() {
    let stage = Stage::new().await;
    stage
        .show(json!({ "flags": LAYOUT, "components": layout() }))
        .await;
    let message = stage.sim.newest_message().expect("a message");

    stage.alice.click(message, "PLAY").await;
    let pressed = stage.told();
    stage.alice.select(message, "how", &["Low"]).await;
    let chosen = stage.told();

    let used = |data| match data {
        Some(InteractionData::MessageComponent(data)) => (data.custom_id, data.values),
        other => panic!("{other:?}"),
    };
    assert_eq!(used(pressed.data), ("play".to_owned(), vec![]));
    assert_eq!(
        used(chosen.data),
        ("how".to_owned(), vec!["low".to_owned()])
    );
}

/// Sees to it that Discord refuses messages, each for a field of its components.
async fn assert_refused(flags: u64, cases: &[(Value, &str)]) {
    let stage = Stage::new().await;
    for (components, expected) in cases {
        let data = json!({ "flags": flags, "components": components });
        let run = stage.run().await;

        let refused = stage.answer(&run, 4, data).await.expect_err(expected);

        let place = refused.trim_start_matches("data.components");
        assert_eq!(place.trim_start_matches('.'), *expected, "{components}");
    }
}

#[tokio::test(start_paused = true)]
async fn messages_hold_rows_and_rows_hold_buttons() {
    let long = "x".repeat(101);
    let labelled = |custom_id: &str| with(button(custom_id), "label", json!("A"));
    let in_row = |button: Value| json!([row(&[button])]);
    let cases = [
        (json!([text("x")]), "0.type: UNION_TYPE_CHOICES"),
        (layout(), "0.type: UNION_TYPE_CHOICES"),
        (json!([button("a")]), "0.type: UNION_TYPE_CHOICES"),
        (
            json!(vec![row(&[button("a")]); 6]),
            ": BASE_TYPE_BAD_LENGTH",
        ),
        (
            json!([row(&vec![button("a"); 6])]),
            "0.components: BASE_TYPE_BAD_LENGTH",
        ),
        (
            json!([row(&twice(&button("a")))]),
            "0.components.1.custom_id: COMPONENT_CUSTOM_ID_DUPLICATED",
        ),
        (
            in_row(button(&long)),
            "0.components.0.label: BASE_TYPE_BAD_LENGTH",
        ),
        (
            in_row(labelled(&long)),
            "0.components.0.custom_id: BASE_TYPE_BAD_LENGTH",
        ),
        (
            in_row(with(button("a"), "style", json!(5))),
            "0.components.0.custom_id: BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE",
        ),
    ];
    assert_refused(0, &cases).await;
}

#[tokio::test(start_paused = true)]
async fn menus_have_options_and_bounds_that_can_be_kept() {
    let long = "x".repeat(101);
    let in_row = |menu: Value| json!([row(&[menu])]);
    let cases = [
        (
            json!([row(&[menu("a", &["A"]), button("b")])]),
            "0.components: COMPONENT_LAYOUT_WIDTH_EXCEEDED",
        ),
        (
            in_row(menu("a", &["A"; 26])),
            "0.components.0.options: BASE_TYPE_BAD_LENGTH",
        ),
        (
            in_row(menu("a", &["A"; 2])),
            "0.components.0.options.1.value: SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
        ),
        (
            in_row(menu("a", &[&long])),
            "0.components.0.options.0.label: BASE_TYPE_BAD_LENGTH",
        ),
        (
            in_row(with(menu("a", &["A"]), "max_values", json!(2))),
            "0.components.0.options: BASE_TYPE_BAD_LENGTH",
        ),
        (
            in_row(with(menu("a", &["A"]), "min_values", json!(2))),
            "0.components.0.min_values: NUMBER_TYPE_BAD_RANGE",
        ),
    ];
    assert_refused(0, &cases).await;
}

#[tokio::test(start_paused = true)]
async fn layouts_hold_what_discord_lets_them() {
    let long = text(&"x".repeat(2_001));
    let section = |texts: Value, accessory: Value| json!([{ "type": 9, "components": texts, "accessory": accessory }]);
    let container = |inner: Value| json!([{ "type": 17, "components": inner }]);
    let file = json!({ "url": "attachment://a.txt" });
    let numbered = with(text("x"), "id", json!(7));
    let cases = [
        (json!([button("a")]), "0.type: UNION_TYPE_CHOICES"),
        (
            container(json!(vec![text("x"); 40])),
            ": COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
        ),
        (
            json!(twice(&long)),
            ": COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
        ),
        (
            section(json!([]), button("a")),
            "0.components: BASE_TYPE_BAD_LENGTH",
        ),
        (
            section(json!([text("x")]), row(&[button("a")])),
            "0.accessory.type: UNION_TYPE_CHOICES",
        ),
        (
            container(container(json!([text("x")]))),
            "0.components.0.type: UNION_TYPE_CHOICES",
        ),
        (
            json!([{ "type": 12, "items": [] }]),
            "0.items: BASE_TYPE_BAD_LENGTH",
        ),
        (
            json!([{ "type": 13, "file": file }]),
            "0.file.url: UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND",
        ),
        (json!(twice(&numbered)), "1.id: COMPONENT_ID_DUPLICATED"),
    ];
    assert_refused(LAYOUT, &cases).await;
}

#[tokio::test(start_paused = true)]
async fn layouts_are_taken_wherever_messages_are() {
    let stage = Stage::new().await;
    let data = json!({ "flags": LAYOUT, "components": layout() });
    let run = stage.run().await;
    let promise = stage.answer(&run, 5, json!({})).await;
    promise.expect("promised");
    let client = stage.http.interaction(run.application_id);
    let components = serde_json::from_value::<Vec<_>>(layout()).expect("components");
    let flags = MessageFlags::IS_COMPONENTS_V2;

    let kept = client.update_response(&run.token).flags(flags);
    kept.components(Some(&components)).await.expect("kept");
    let follow_up = client.create_followup(&run.token).flags(flags);
    follow_up.components(&components).await.expect("sent");
    let message = stage.sim.newest_message().expect("a message");
    stage.alice.click(message, "play").await;
    let changed = json!({ "components": [text("Song 3")] });
    let changed = stage.answer(&stage.told(), 7, changed).await;
    changed.expect("changed");

    assert_eq!(stage.sim.content(message).as_deref(), Some("Song 3"));
    stage.show(data).await;
    let said = "Songs\nSong 1\nSong 2";
    stage.sim.stop().await.assert_replies(&[said; 3]);
}

#[tokio::test(start_paused = true)]
async fn nothing_else_stands_beside_a_layout() {
    let stage = Stage::new().await;
    let embeds = json!([{ "title": "x", "type": "rich", "fields": [] }]);
    for (field, value) in [("content", json!("x")), ("embeds", embeds)] {
        let data = json!({ "flags": LAYOUT, "components": layout(), field: value });
        let run = stage.run().await;

        let refused = stage.answer(&run, 4, data).await.expect_err("refused");

        let code = "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2";
        assert_eq!(refused, format!("data.{field}: {code}"));
    }
    let empty = stage
        .answer(&stage.run().await, 4, json!({ "flags": LAYOUT }))
        .await;
    assert_eq!(empty.expect_err("refused"), "50006");
}

#[tokio::test(start_paused = true)]
async fn a_message_becomes_a_layout_and_never_another_again() {
    let stage = Stage::new().await;
    let run = stage.show(json!({ "content": "before" })).await;
    let client = stage.http.interaction(run.application_id);
    let components = serde_json::from_value::<Vec<_>>(layout()).expect("components");
    let edit = || client.update_response(&run.token);
    let flags = MessageFlags::IS_COMPONENTS_V2;
    let refused = |edited: Result<_, _>| refusal(&edited.map(drop).expect_err("refused"));

    let unflagged = edit().components(Some(&components)).content(None).await;
    let beside = edit().components(Some(&components)).flags(flags).await;
    let whole = edit().components(Some(&components)).flags(flags);
    let changed = whole.content(None).await.expect("changed").model().await;
    let unflagged_again = edit()
        .components(Some(&components))
        .flags(MessageFlags::empty())
        .await;
    let back = edit().content(Some("after")).await;
    let kept = edit().components(Some(&components[..1])).await;
    let kept = kept.expect("changed").model().await.expect("a message");

    assert_eq!(refused(unflagged), "components.0.type: UNION_TYPE_CHOICES");
    let code = "content: MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2";
    assert_eq!(refused(beside), code);
    assert_eq!(changed.expect("a message").flags, Some(flags));
    assert_eq!(
        refused(unflagged_again),
        "components.0.type: UNION_TYPE_CHOICES"
    );
    assert_eq!(refused(back), code);
    assert_eq!(kept.flags, Some(flags));
    let message = stage.sim.newest_message().expect("a message");
    assert_eq!(stage.sim.content(message).as_deref(), Some("Songs"));
}

#[tokio::test(start_paused = true)]
async fn components_show_the_files_that_are_sent_with_them() {
    let stage = Stage::new().await;
    let channel = stage.sim.channel_id("general").expect("a channel");
    let components = json!([{ "type": 13, "file": { "url": "attachment://a.txt" } }]);
    let components = serde_json::from_value::<Vec<_>>(components).expect("components");
    let files = [Attachment::from_bytes("a.txt".to_owned(), vec![1], 0)];

    let sent = stage
        .http
        .create_message(channel)
        .flags(MessageFlags::IS_COMPONENTS_V2)
        .components(&components)
        .attachments(&files)
        .await;

    let sent = sent.expect("sent").model().await.expect("a message");
    let shown = serde_json::to_value(&sent.components).expect("JSON");
    assert_eq!(shown[0]["file"]["url"], sent.attachments[0].url);
    assert_eq!(shown[0]["id"], 1);
}

// Modals.

fn label(label: &str, component: &Value) -> Value {
    json!({ "type": 18, "label": label, "component": component })
}

fn field(kind: u8, custom_id: &str) -> Value {
    json!({ "type": kind, "custom_id": custom_id })
}

fn input(custom_id: &str) -> Value {
    with(field(4, custom_id), "style", json!(1))
}

fn checkboxes(custom_id: &str, options: &[&str]) -> Value {
    with(menu(custom_id, options), "type", json!(22))
}

/// Lets the bot show a modal in answer to a command.
async fn ask(stage: &Stage, components: Value) -> Result<(), String> {
    let run = stage.run().await;
    let modal = json!({ "custom_id": "form", "title": "A form", "components": components });
    stage.answer(&run, 9, modal).await
}

/// Returns what was filled in, in the order of the fields.
fn filled(data: &ModalInteractionData) -> Vec<Value> {
    let fields = data.components.iter().map(|field| match field {
        Filled::Label(label) => {
            let field = serde_json::to_value(&*label.component).expect("JSON");
            let values = field.get("values").or(field.get("value"));
            values.expect("a value").clone()
        }
        other => panic!("{other:?}"),
    });
    fields.collect()
}

/// Fills in fields that stand alone in a modal each, and returns what the bot hears of them.
async fn submitted(
    stage: &Stage,
    fields: &[Value],
    given: &[(&str, &str)],
) -> ModalInteractionData {
    let labelled = fields.iter().map(|field| {
        let name = field["custom_id"].as_str().expect("a custom id");
        label(&format!("The {name}"), field)
    });
    let labelled: Vec<_> = labelled.collect();
    let shown = ask(stage, json!(labelled)).await;
    shown.expect("Discord shows it");
    stage.alice.submit(given).await;
    match stage.told().data {
        Some(InteractionData::ModalSubmit(data)) => *data,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn texts_options_and_checkboxes_are_filled_in() {
    let stage = Stage::new().await;
    let fields = [
        input("text"),
        with(
            menu("color", &["Red", "Blue, light", "Green"]),
            "max_values",
            json!(2),
        ),
        checkboxes("days", &["Monday", "Friday"]),
        field(23, "sure"),
        field(23, "loud"),
    ];
    let given = [
        ("The text", "hello"),
        ("The color", "Red, Green"),
        ("days", "Friday, Monday"),
        ("The sure", "yes"),
    ];

    let data = submitted(&stage, &fields, &given).await;

    let expected = [
        json!("hello"),
        json!(["red", "green"]),
        json!(["friday", "monday"]),
        json!(true),
        json!(false),
    ];
    assert_eq!(filled(&data), expected);
    assert_eq!(data.resolved, None);
    let one = submitted(&stage, &fields[1..2], &[("color", "Blue, light")]).await;
    assert_eq!(filled(&one), [json!(["blue, light"])]);
}

#[tokio::test(start_paused = true)]
async fn who_and_what_is_chosen_in_a_modal_is_told() {
    let stage = Stage::new().await;
    let many = |kind, name| with(field(kind, name), "max_values", json!(2));
    let fields = [
        many(5, "who"),
        many(6, "as"),
        many(7, "any"),
        with(many(8, "where"), "channel_types", json!([0])),
        with(many(19, "files"), "file_types", json!(["image", ".txt"])),
    ];
    let given = [
        ("who", "@alice, @owner"),
        ("as", "@bot"),
        ("any", "@alice, @everyone"),
        ("where", "#general"),
        ("files", "a.TXT, b.png"),
    ];

    let data = submitted(&stage, &fields, &given).await;

    let resolved = data.resolved.as_ref().expect("what was chosen");
    let counts = [
        resolved.users.len(),
        resolved.members.len(),
        resolved.roles.len(),
        resolved.channels.len(),
        resolved.attachments.len(),
    ];
    assert_eq!(counts, [2, 2, 2, 1, 2]);
    let alice = stage.alice.id().to_string();
    let values = filled(&data);
    assert_eq!(values[0][0], alice);
    assert_eq!(values[2][0], alice);
    assert_eq!(values[2][1], stage.sim.guild_id().to_string());
    let files = resolved.attachments.values();
    let mut files: Vec<_> = files.map(|file| file.filename.as_str()).collect();
    files.sort_unstable();
    assert_eq!(files, ["a.TXT", "b.png"]);
}

#[tokio::test(start_paused = true)]
async fn what_is_filled_in_from_the_start_stays_so() {
    let stage = Stage::new().await;
    let chosen = json!([with(option("Red"), "default", json!(true)), option("Blue")]);
    let alice = json!([{ "id": stage.alice.id().to_string(), "type": "user" }]);
    let fields = [
        with(input("text"), "value", json!("before")),
        with(menu("color", &[]), "options", chosen),
        with(field(5, "who"), "default_values", alice),
        with(field(23, "sure"), "default", json!(true)),
        with(field(19, "file"), "required", json!(false)),
    ];

    let data = submitted(&stage, &fields, &[]).await;

    let alice = stage.alice.id().to_string();
    let expected = [
        json!("before"),
        json!(["red"]),
        json!([alice]),
        json!(true),
        json!([]),
    ];
    assert_eq!(filled(&data), expected);
}

#[tokio::test(start_paused = true)]
async fn a_modal_is_not_sent_with_what_its_fields_do_not_take() {
    let short = with(
        with(input("it"), "min_length", json!(3)),
        "max_length",
        json!(5),
    );
    let voice = with(field(8, "it"), "channel_types", json!([2]));
    let pictures = with(field(19, "it"), "file_types", json!(["image"]));
    let two = with(
        with(field(5, "it"), "min_values", json!(2)),
        "max_values",
        json!(2),
    );
    for (field, value, reason) in [
        (short, "ab", "takes 3 to 5 characters"),
        (menu("it", &["A", "B"]), "A, B", "takes 1 to 1 values"),
        (menu("it", &["A", "B"]), "C", "no option `C`"),
        (menu("it", &["A", "B"]), "", "is missing"),
        (checkboxes("it", &["A", "B"]), "A, A", "chosen twice"),
        (field(23, "it"), "perhaps", "takes `yes` or `no`"),
        (field(6, "it"), "@nobody", "takes a role, by name"),
        (voice, "#general", "a channel of another type"),
        (pictures, "a.txt", "a file of another type"),
        (two, "@alice", "takes 2 to 2 values"),
    ] {
        let stage = Stage::new().await;
        let shown = ask(&stage, json!([label("It", &field)])).await;
        shown.expect("Discord shows it");
        let alice = stage.alice.clone();

        let sent = tokio::spawn(async move { alice.submit(&[("It", value)]).await }).await;

        let panic = sent.expect_err("refused").into_panic();
        let said = panic.downcast::<String>().expect("a text");
        assert!(said.contains(reason), "{said}");
    }
}

/// Sees to it that Discord refuses modals, each for a field of its components.
async fn assert_not_shown(cases: &[(Value, &str)]) {
    let stage = Stage::new().await;
    for (components, expected) in cases {
        let refused = ask(&stage, components.clone()).await.expect_err(expected);

        let place = refused.trim_start_matches("data.components");
        assert_eq!(place.trim_start_matches('.'), *expected, "{components}");
        assert_eq!(stage.alice.modal(), None);
    }
}

#[tokio::test(start_paused = true)]
async fn modals_hold_labels_and_labels_hold_fields() {
    let long = |length: usize| "x".repeat(length);
    let described = with(label("A", &input("a")), "description", json!(long(101)));
    let cases = [
        (json!([]), ": BASE_TYPE_BAD_LENGTH"),
        (
            json!(vec![label("A", &input("a")); 6]),
            ": BASE_TYPE_BAD_LENGTH",
        ),
        (json!([input("a")]), "0.type: UNION_TYPE_CHOICES"),
        (
            json!([row(&[button("a")])]),
            "0.components.0.type: UNION_TYPE_CHOICES",
        ),
        (
            json!([label("A", &button("a"))]),
            "0.component.type: UNION_TYPE_CHOICES",
        ),
        (
            json!([label(&long(46), &input("a"))]),
            "0.label: BASE_TYPE_BAD_LENGTH",
        ),
        (json!([described]), "0.description: BASE_TYPE_BAD_LENGTH"),
        (
            json!(twice(&label("A", &input("a")))),
            "1.component.custom_id: COMPONENT_CUSTOM_ID_DUPLICATED",
        ),
    ];
    assert_not_shown(&cases).await;
}

#[tokio::test(start_paused = true)]
async fn fields_are_as_discord_lets_them_be() {
    let long = |length: usize| json!("x".repeat(length));
    let cases = [
        (with(input("a"), "custom_id", long(101)), "custom_id"),
        (with(input("a"), "placeholder", long(101)), "placeholder"),
        (with(input("a"), "value", long(4_001)), "value"),
        (with(input("a"), "max_length", json!(4_001)), "max_length"),
        (
            with(menu("a", &["A"]), "min_values", json!(0)),
            "min_values",
        ),
        (with(menu("a", &["A"]), "disabled", json!(true)), "disabled"),
        (with(field(19, "a"), "max_values", json!(11)), "max_values"),
        (checkboxes("a", &[]), "options"),
    ];
    let stage = Stage::new().await;
    for (field, expected) in cases {
        let refused = ask(&stage, json!([label("A", &field)])).await;

        let refused = refused.expect_err(expected);
        let place = refused.split_once(": ").expect("a place").0;
        let expected = format!("data.components.0.component.{expected}");
        assert_eq!(place, expected, "{field}");
    }
}

#[tokio::test(start_paused = true)]
async fn modals_have_short_titles_and_custom_ids() {
    let long = |length: usize| "x".repeat(length);
    let fields = json!([label("A", &input("a"))]);
    let stage = Stage::new().await;
    for (custom_id, title, expected) in [
        (long(101), long(1), "custom_id"),
        (long(0), long(1), "custom_id"),
        (long(1), long(46), "title"),
    ] {
        let modal = json!({ "custom_id": custom_id, "title": title, "components": fields });
        let refused = stage.answer(&stage.run().await, 9, modal).await;

        let expected = format!("data.{expected}: BASE_TYPE_BAD_LENGTH");
        assert_eq!(refused.expect_err("refused"), expected);
    }
}
