package script

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const secretBot = `
init:
    var early = $secrets.get("TOKEN", "none");
theme: /
    state: Get
        q!: get
        a: {{early}} {{$secrets.get("TOKEN")}} {{$env.get("MODE")}} {{$env.get("GONE", "else")}} {{$secrets.get("GONE", "")}}.
    state: Gone
        q!: gone
        script: $secrets.get("GONE");
    state: Tell
        q!: tell
        script:
            log("the token is " + $secrets.get("TOKEN") + " of " + $env.get("MODE"));
            throw new Error("refused: " + encodeURIComponent($secrets.get("TOKEN")));
`

// script-api 2.10.
func TestSecrets(t *testing.T) {
	file := filepath.Join(t.TempDir(), "secrets.json")
	write(t, file, `{"secrets": {"TOKEN": "all"}, "env": {"MODE": "file"}, "bots": {"test": {"secrets": {"TOKEN": "pa/ss \"1"}}}}`)
	secrets, err := ReadSecrets(file, []string{"PARLEY_ENV_MODE=prod", "PARLEY_SECRET_TOKEN=other", "HOME=/"})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	options := Options{Log: slog.New(slog.NewTextHandler(&out, nil)), Secrets: secrets}
	c := newTalk(t, load(t, options, map[string]string{"main.sc": secretBot}))
	c.expect("get", `pa/ss "1 pa/ss "1 prod else .`)
	c.say("gone")
	if c.last.Failure == nil || !strings.Contains(c.last.Failure.Message, `there is no secret "GONE"`) || !strings.Contains(c.last.Failure.Message, "PARLEY_SECRET_GONE") {
		t.Errorf("%+v", c.last.Failure)
	}
	c.say("tell")
	if c.last.Failure == nil || !strings.Contains(c.last.Failure.Message, "refused: ***") {
		t.Errorf("%+v", c.last.Failure)
	}
	if !strings.Contains(out.String(), "the token is *** of prod") || strings.Contains(out.String(), "pa/ss") {
		t.Errorf("the log shows a secret: %s", out.String())
	}
}

func TestReadSecretsRefuses(t *testing.T) {
	file := filepath.Join(t.TempDir(), "secrets.json")
	for _, content := range []string{`{"secret": {}}`, `[]`, `{"secrets": {"A": 1}}`, ``} {
		write(t, file, content)
		if _, err := ReadSecrets(file, nil); err == nil || !strings.Contains(err.Error(), file) {
			t.Errorf("%s: %v", content, err)
		}
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadSecrets(file, nil); err == nil || !strings.Contains(err.Error(), "secrets file") {
		t.Errorf("%v", err)
	}
}

// Tests take secrets from test/secrets.json; what the caller gives wins.
func TestSecretsInTests(t *testing.T) {
	dir := project(t, map[string]string{
		"main.sc":           secretBot,
		"test/secrets.json": `{"secrets": {"TOKEN": "file"}, "env": {"MODE": "test"}}`,
		"test/a.xml":        `<test><test-case id="a"><q>get</q><a>given given test else .</a></test-case></test>`,
	})
	report, found, err := RunTests(t.Context(), dir, Options{Secrets: Secrets{}.With("TOKEN", "given")})
	if err != nil || report == nil || report.Passed != 1 {
		t.Errorf("%+v %v %v", report, found, err)
	}
}

// The error of an error handler goes to the log masked as any other.
func TestSecretsInErrorHandlers(t *testing.T) {
	var out bytes.Buffer
	options := Options{Log: slog.New(slog.NewTextHandler(&out, nil)), Secrets: Secrets{}.With("TOKEN", "key-1234")}
	c := newTalk(t, load(t, options, map[string]string{"main.sc": `
init:
    bind("onAnyError", function() { throw new Error("no luck with " + $secrets.get("TOKEN")); });
theme: /
    state: Fail
        q!: fail
        script: throw new Error("first");
`}))
	c.say("fail")
	if !strings.Contains(out.String(), "no luck with ***") || strings.Contains(out.String(), "key-1234") {
		t.Errorf("the log: %s", out.String())
	}
}
