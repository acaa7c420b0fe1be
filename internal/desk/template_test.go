package desk_test

import (
	"strings"
	"testing"

	"parley/internal/desk"
	"parley/internal/session"
)

func TestTemplate_Render(t *testing.T) {
	values := desk.Values{
		ClientName: "Eve {{agent.name}}", AgentName: "Ann",
		Context: []byte(`{"order":{"id":7,"lines":[{"name":"tea"},"cup"]},"vip":true,"none":null,"a b":1}`),
	}
	for _, c := range []struct{ text, want string }{
		{"Hello!", "Hello!"},
		{"Hi {{client.name}}, I am {{ agent.name }}.", "Hi Eve {{agent.name}}, I am Ann."}, // values are not read again
		{"No. {{context.order.id}}", "No. 7"},
		{"{{context.order.lines.0.name}}{{context.order.lines.1}}{{context.order.lines.2}}", "teacup"},
		{"{{context.order.lines}}", `[{"name":"tea"},"cup"]`},
		{"{{context.vip}}{{context.none}}{{context.nothing.at.all}}", "true"},
		{"} }} {", "} }} {"},
	} {
		tpl, err := desk.ParseTemplate(c.text)
		if err != nil {
			t.Errorf("%q: %v", c.text, err)
			continue
		}
		if got := tpl.Render(values); got != c.want {
			t.Errorf("%q became %q, want %q", c.text, got, c.want)
		}
	}
	tpl, err := desk.ParseTemplate("{{context.order.id}}.")
	if err != nil || tpl.Render(desk.Values{}) != "." {
		t.Errorf("without a document: %v", err)
	}
}

func TestCannedReply_Refused(t *testing.T) {
	for _, c := range []struct {
		field string
		reply desk.CannedReply
	}{
		{"text", desk.CannedReply{Shortcut: "hi", Text: "{{client.password}}"}},
		{"text", desk.CannedReply{Shortcut: "hi", Text: "{{client.name"}},
		{"text", desk.CannedReply{Shortcut: "hi", Text: "{{context}}"}},
		{"text", desk.CannedReply{Shortcut: "hi", Text: "{{context..a}}"}},
		{"text", desk.CannedReply{Shortcut: "hi", Text: "{{}}"}},
		{"text", desk.CannedReply{Shortcut: "hi", Text: " "}},
		{"text", desk.CannedReply{Shortcut: "hi", Text: strings.Repeat("a", session.MaxTextChars+1)}},
		{"shortcut", desk.CannedReply{Text: "Hello"}},
		{"shortcut", desk.CannedReply{Shortcut: "two words", Text: "Hello"}},
		{"shortcut", desk.CannedReply{Shortcut: strings.Repeat("a", session.MaxShortcutChars+1), Text: "Hello"}},
	} {
		err, _ := c.reply.Check().(*session.Error)
		if err == nil || err.Field != c.field || err.Code != session.CodeInvalidPayload {
			t.Errorf("%+v: want a refusal of %s, got %v", c.reply, c.field, err)
		}
	}
}

// A text without variables comes out as it went in; one with variables never
// shows the braces of those it names.
func FuzzTemplate(f *testing.F) {
	for _, seed := range []string{"Hi {{client.name}}", "{{context.a.b}}", "{{{{}}}}", "{{", "}}", "{{ agent.name }}!", "{{client.name}"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		tpl, err := desk.ParseTemplate(text)
		if err != nil {
			if !strings.Contains(text, "{{") {
				t.Fatalf("%q has no variable, and was refused: %v", text, err)
			}
			return
		}
		got := tpl.Render(desk.Values{Context: []byte(`{"a":{"b":1}}`)})
		if !strings.Contains(text, "{{") && got != text {
			t.Fatalf("%q became %q", text, got)
		}
		if len(got) > len(text) {
			t.Fatalf("%q grew to %q without values", text, got)
		}
	})
}
