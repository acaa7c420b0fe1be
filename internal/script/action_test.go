package script

import (
	"net/http"
	"strings"
	"testing"

	"parley/internal/dialog"
	"parley/internal/session"
)

const askingBot = `theme: /
    state: Start
        q!: start
        a: hello
    state: Global
        q!: 7
        a: global
    state: Name
        q!: name
        InputText:
            prompt = Your name?
            varName = name
            html = <b>Your name?</b>
            htmlEnabled = true
            actions = [{"type": "buttons", "buttons": [{"name": "Skip", "transition": "/Skipped"}, {"name": "None"}]}]
            then = ./Named
        a: not reached
        state: Named
            a: Hi {{$session.name}}
    state: Skipped
        a: skipped
    state: Age
        q!: age
        if: true
            InputNumber:
                prompt = Your age, {{$session.name || "you"}}?
                varName = age
                failureMessage = ["From {{18}} on", "Again"]
                failureMessageHtml = [""]
                minValue = {{10 + 8}}
                maxValue = 99
                then =
        state: Inner
            q: where
            a: in Age with {{typeof $session.age}} {{$session.age}}
    state: Phone
        q!: phone
        InputPhoneNumber:
            prompt = Phone?
            varName = phone
            failureMessage = "No phone"
            then = /Phone/Done
        state: Done
            a: {{$session.phone}}
    state: File
        q!: file
        InputFile:
            prompt = File?
            varName = file
            failureMessage = ["No file"]
            then = /File/Done
        state: Done
            a: {{$session.file}}
    state: Sure
        q!: sure
        Confirmation:
            prompt = Sure?
            agreeState = /Sure/Yes
            disagreeState = /Sure/No
            useButtons = true
            agreeButton = Certainly
            disagreeButton = Hardly
        state: Yes
            a: yes
        state: No
            a: no
    state: Foreign
        q!: foreign
        Sms:
            anything = goes
        a: after
    state: Own
        q!: own
        Weather:
            city = {{"Ber" + "lin"}}
            okState = ./Ok
        state: Ok
            a: back
            state: Later
                q: later
                a: {{typeof $request.data.args}}
theme: /Blocks
    state: Weather
        a: in {{$request.data.args.city}}?
        state: Answer
            q: *
            a: still {{$request.data.args.city}}
            go!: {{$request.data.args.okState}}
`

// TestActionTags checks the tags that ask: dialog-language 3.6.
func TestActionTags(t *testing.T) {
	bot := load(t, Options{Log: testLog(t), Random: func(int) int { return 0 }, Testing: true}, map[string]string{"main.sc": askingBot})
	for name, said := range map[string][]string{
		"a text is kept":                   {"name", "Your name?", "7", "Hi 7"},
		"blanks are no text":               {"name", "Your name?", " ", "Your name?", "x", "Hi x"},
		"a button leads away":              {"name", "Your name?", "skip", "skipped", "7", "global"},
		"a button without a target":        {"name", "Your name?", "None", "Hi None"},
		"a number within the bounds":       {"age", "Your age, you?", "I am 42.", "", "where", "in Age with number 42"},
		"a number in another form":         {"age", "Your age, you?", "2 0,5", "From 18 on", "20,5", "", "where", "in Age with number 20.5"},
		"a number below":                   {"age", "Your age, you?", "7", "From 18 on", "100", "From 18 on", "99", ""},
		"a number in words":                {"age", "Your age, you?", "мне сорок два года", "", "where", "in Age with number 42"},
		"a small number in words":          {"age", "Your age, you?", "семь", "From 18 on"},
		"no number":                        {"age", "Your age, you?", "where", "From 18 on"},
		"a phone number":                   {"phone", "Phone?", "call me", "No phone", "123", "No phone", "+7 (999) 123-45-67", "+79991234567"},
		"a text is no file":                {"file", "File?", "a.png", "No file"},
		"agreement":                        {"sure", "Sure?", "Да, конечно", "yes"},
		"refusal":                          {"sure", "Sure?", "no way", "no"},
		"neither":                          {"sure", "Sure?", "start", "Sure?", "CERTAINLY", "yes"},
		"the start command leaves":         {"age", "Your age, you?", "/start", "hello", "start", "hello"},
		"a tag without effect":             {"foreign", "after"},
		"a tag of the bot":                 {"own", "in Berlin?", "x", "still Berlin|back", "name", "Your name?"},
		"arguments do not outlive the tag": {"own", "in Berlin?", "x", "still Berlin|back", "later", "undefined"},
	} {
		t.Run(name, func(t *testing.T) {
			c := newTalk(t, bot)
			for i := 0; i+1 < len(said); i += 2 {
				if got := strings.Join(c.say(said[i]), "|"); got != said[i+1] {
					t.Fatalf("%s: got %q, want %q", said[i], got, said[i+1])
				}
			}
		})
	}
}

// TestConfirmationByPatterns: a project's own $agree and $disagree decide.
func TestConfirmationByPatterns(t *testing.T) {
	const main = `PATTERNS
theme: /
    state: Sure
        q!: sure
        Confirmation:
            prompt = Sure?
            agreeState = /Sure/Yes
            disagreeState = /Sure/No
        state: Yes
            a: yes
        state: No
            a: no
`
	for _, test := range []struct{ patterns, say, want string }{
		{"patterns:\n    $agree = (so be it|not bad)\n    $disagree = (* not * [*])\n", "so be it", "yes"},
		{"patterns:\n    $agree = (so be it|not bad)\n    $disagree = (* not * [*])\n", "not bad", "yes"},
		{"patterns:\n    $agree = (so be it|not bad)\n    $disagree = (* not * [*])\n", "better not now", "no"},
		{"patterns:\n    $agree = (so be it|not bad)\n    $disagree = (* not * [*])\n", "yes", "yes"},
		{"patterns:\n    $agree = so be it\n", "so be it", "Sure?"},
		{"require: patterns.sc\n    module = sys.zb-common\n", "еще бы", "yes"},
		{"require: patterns.sc\n    module = sys.zb-common\n", "ни за что", "no"},
	} {
		c := scriptBot(t, strings.Replace(main, "PATTERNS\n", test.patterns, 1))
		c.expect("sure", "Sure?")
		c.expect(test.say, test.want)
	}
}

func TestActionTagFile(t *testing.T) {
	c := scriptBot(t, askingBot)
	c.say("file")
	d, done := c.send(t.Context(), session.Input{Attachments: []session.Attachment{{Type: "image", URL: "https://example.com/a.png"}}})
	if d.Failure != nil || len(done.replies) != 1 || done.replies[0]["text"] != "https://example.com/a.png" || d.State != "/File/Done" {
		t.Errorf("%+v %v", d, done.replies)
	}
}

// TestActionTagReplies checks what stands beside the text of a question.
func TestActionTagReplies(t *testing.T) {
	c := scriptBot(t, askingBot)
	_, done := c.send(t.Context(), session.Input{Text: "name"})
	want := `[{"html":"\u003cb\u003eYour name?\u003c/b\u003e","markup":"html","state":"/Name","text":"Your name?","type":"text"},` +
		`{"buttons":[{"text":"Skip","transition":"/Skipped"},{"text":"None"}],"state":"/Name","type":"buttons"}]`
	if got := marshal(done.replies); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if c.vars.Position != "/Name/InputText" {
		t.Errorf("the context is %s", c.vars.Position)
	}
}

func TestHttpRequestTag(t *testing.T) {
	receiver := func(w http.ResponseWriter, q *http.Request) {
		if q.URL.Path == "/bad" {
			w.WriteHeader(http.StatusTeapot)
		}
		_, _ = w.Write([]byte(`{"rate": 1.5, "own": "` + q.Header.Get("X-Own") + q.Method + `"}`))
	}
	c := webBot(t, receiver, `theme: /
    state: Good
        q!: good
        HttpRequest:
            url = SERVER/{{"ok"}}
            method = POST
            dataType = json
            body = {"a": 1}
            headers = [{"name": "X-Own", "value": "o"}]
            vars = [{"name": "rate", "value": "$httpResponse.rate"}, {"name": "own", "value": "{{$httpResponse.own}}"}]
            okState = /Ok
            errorState = /Bad
    state: Wrong
        q!: wrong
        HttpRequest:
            url = SERVER/bad
            okState = /Ok
            errorState = /Bad
    state: Ok
        a: {{typeof $session.rate}} {{$session.rate}} {{$session.own}}
    state: Bad
        a: bad {{$httpStatus}}
`)
	c.expect("good", "number 1.5 oPOST")
	c.expect("wrong", "bad 418")
}

// TestActionTagDiagnostics checks that bad parameters are found at load.
func TestActionTagDiagnostics(t *testing.T) {
	found, err := Check(project(t, map[string]string{"main.sc": `theme: /
    state: A
        q!: a
        InputNumber:
            varName = x
            minValue = low
            htmlEnabled = perhaps
            colour = red
            then = /Nowhere
            actions = {"a": 1}
        HttpRequest:
            vars = [{"value": "1"}]
        TransferCallToOperator:
            phoneNumber = 1
        Wether:
            city = 1
`}), Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		`src/main.sc:4:9: error: "InputNumber" needs the parameter prompt [missing-parameter]`,
		`src/main.sc:6:24: error: minValue must be a number, not "low" [bad-value]`,
		`src/main.sc:7:27: error: htmlEnabled must be true or false, not "perhaps" [bad-value]`,
		`src/main.sc:8:13: warning: InputNumber has no parameter "colour"; it is ignored [unknown-parameter]`,
		`src/main.sc:9:20: error: no state has the path /Nowhere [unknown-state]`,
		`src/main.sc:10:23: error: actions must be a list`,
		`src/main.sc:11:9: error: "HttpRequest" needs the parameter url [missing-parameter]`,
		`src/main.sc:12:20: error: vars must be a list`,
		`src/main.sc:13:9: warning: the action tag TransferCallToOperator has no effect here [unsupported-action]`,
		`src/main.sc:15:9: error: unknown tag "Wether" [unknown-tag]`,
	}
	for i, d := range found {
		if i >= len(want) || !strings.HasPrefix(d.String(), want[i]) {
			t.Errorf("%d: %s", i, d)
		}
	}
	if len(found) != len(want) || !dialog.HasErrors(found) {
		t.Errorf("%d findings, want %d", len(found), len(want))
	}
}

// TestEmailTag checks that the tag sends by way of $mail.
func TestEmailTag(t *testing.T) {
	c := newTalk(t, load(t, Options{Log: testLog(t), Testing: true}, map[string]string{"main.sc": `theme: /
    state: A
        q!: go
        Email:
            destination = a@example.com, b@example.com
            subject = For {{$request.query}}
            text = Plain
            html = <b>Rich</b>
            htmlEnabled = true
            okState = /Ok
            errorState = /Bad
    state: Ok
        a: ok
    state: Bad
        a: bad
`}))
	_, done := c.send(t.Context(), session.Input{Text: "go"})
	if len(done.mails) != 1 || len(done.replies) != 1 || done.replies[0]["text"] != "ok" {
		t.Fatalf("%+v %v", done.mails, done.replies)
	}
	if m := done.mails[0]; len(m.To) != 2 || m.To[1] != "b@example.com" || m.Subject != "For go" || m.Content != "<b>Rich</b>" {
		t.Errorf("%+v", m)
	}
}
