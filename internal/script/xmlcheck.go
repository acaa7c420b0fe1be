package script

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"parley/internal/dialog"
)

// reply checks the next text reply.
func (c *caseRun) reply(e *element) error {
	if len(c.texts) == 0 {
		return fail(e, "expected the reply %q, got none", squeeze(e.text))
	}
	got := c.texts[0]
	c.texts = c.texts[1:]
	if want := squeeze(e.text); want != "" && want != squeeze(str(got, "text")) {
		return fail(e, "expected the reply %q, got %q from the state %s", want, str(got, "text"), str(got, "state"))
	}
	if want, ok := e.attr("state"); ok && dialog.Resolve("/", want) != str(got, "state") {
		return fail(e, "expected the reply from the state %s, got it from %s: %q", dialog.Resolve("/", want), str(got, "state"), str(got, "text"))
	}
	if want, ok := e.attr("class"); ok && dialog.Resolve("/", want) != c.last.class {
		return fail(e, "expected the turn to start in the state %s, it started in %s", dialog.Resolve("/", want), orNone(c.last.class))
	}
	return nil
}

func orNone(path string) string {
	if path == "" {
		return "none"
	}
	return path
}

// squeeze takes the differences in blanks and line breaks away.
func squeeze(text string) string { return strings.Join(strings.Fields(text), " ") }

// timeoutReply checks the armed timeout.
func (c *caseRun) timeoutReply(e *element) error {
	armed := c.visitor.timeout
	if armed == nil {
		return fail(e, "expected an armed timeout, there is none")
	}
	if want, ok := e.attr("targetState"); ok && dialog.Resolve("/", want) != armed.TargetState {
		return fail(e, "expected a timeout to %s, got one to %s", dialog.Resolve("/", want), armed.TargetState)
	}
	want, ok := e.attr("interval")
	if !ok {
		return nil
	}
	interval, err := dialog.ParseInterval(want)
	if err != nil {
		return fail(e, "%s", err)
	}
	if interval.Round(time.Second) != armed.After.Round(time.Second) {
		return fail(e, "expected a timeout after %s, got one after %s", interval, armed.After)
	}
	return nil
}

// newSession checks that the request started again in a new session.
func (c *caseRun) newSession(e *element) error {
	if len(c.restarts) == 0 {
		return fail(e, "expected newSession, it was not called")
	}
	got := c.restarts[0]
	c.restarts = c.restarts[1:]
	var fields struct {
		Query string
		Data  any
	}
	if err := json.Unmarshal([]byte(got.request), &fields); err != nil {
		return fail(e, "the request of newSession cannot be read: %s", err)
	}
	if want, ok := e.attr("message"); ok && want != fields.Query {
		return fail(e, "expected newSession with the message %q, got %q", want, fields.Query)
	}
	data := e.child("data")
	if data == nil {
		return nil
	}
	want, err := lenientJSON(data)
	if err != nil {
		return err
	}
	if wrong := difference("data", want, fields.Data); wrong != "" {
		return fail(data, "%s", wrong)
	}
	return nil
}

// responseData compares a part of $response with what must be in it.
func (c *caseRun) responseData(e *element) error {
	var response map[string]any
	if len(c.last.response) > 0 {
		if err := json.Unmarshal(c.last.response, &response); err != nil {
			return fail(e, "$response cannot be read: %s", err)
		}
	}
	field, _ := e.attr("field")
	got, ok := lookUp(response, field)
	if !ok && response["data"] != nil {
		got, ok = lookUp(response["data"], field)
	}
	if !ok {
		return fail(e, "$response has no field %s", field)
	}
	want, err := lenientJSON(e)
	if err != nil {
		return err
	}
	if wrong := difference(field, want, got); wrong != "" {
		return fail(e, "%s", wrong)
	}
	return nil
}

// lookUp follows a path such as replies[0].buttons, with or without "$." before.
func lookUp(v any, path string) (any, bool) {
	path = strings.TrimPrefix(strings.TrimPrefix(path, "$"), ".")
	for _, part := range strings.FieldsFunc(path, func(r rune) bool { return strings.ContainsRune(".[]'\"", r) }) {
		switch object := v.(type) {
		case map[string]any:
			inner, ok := object[part]
			if !ok {
				return nil, false
			}
			v = inner
		case []any:
			i, err := strconv.Atoi(part)
			if err != nil || i < 0 || i >= len(object) {
				return nil, false
			}
			v = object[i]
		default:
			return nil, false
		}
	}
	return v, true
}

// lenientJSON reads JSON as test authors write it, with unquoted keys.
func lenientJSON(e *element) (any, error) {
	text := strings.TrimSpace(e.text)
	var v any
	err := json.Unmarshal([]byte(text), &v)
	if err != nil && json.Unmarshal([]byte(quoteKeys(text)), &v) != nil {
		return nil, fail(e, "<%s> holds no JSON: %s", e.name, err)
	}
	return v, nil
}

// quoteKeys puts quotes around bare keys and turns single quotes into double
// ones, outside of strings.
func quoteKeys(text string) string {
	var out strings.Builder
	for i := 0; i < len(text); {
		c := text[i]
		switch {
		case c == '"' || c == '\'':
			n := i + 1
			for n < len(text) && text[n] != c {
				if text[n] == '\\' {
					n++
				}
				n++
			}
			n = min(n, len(text))
			inner := text[i+1 : n]
			if c == '\'' {
				inner = strings.ReplaceAll(strings.ReplaceAll(inner, `\'`, "'"), `"`, `\"`)
			}
			out.WriteString(`"` + inner + `"`)
			i = n + 1
		case isKeyByte(c) && !(c >= '0' && c <= '9'):
			n := i
			for n < len(text) && (isKeyByte(text[n])) {
				n++
			}
			word := text[i:n]
			if strings.HasPrefix(strings.TrimLeft(text[n:], " \t\r\n"), ":") {
				word = `"` + word + `"`
			}
			out.WriteString(word)
			i = n
		default:
			out.WriteByte(c)
			i++
		}
	}
	return out.String()
}

func isKeyByte(c byte) bool {
	return c == '_' || c == '$' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

// difference tells where got lacks something of want, "" when it does not:
// objects may have more fields, arrays are compared index by index.
func difference(path string, want, got any) string {
	switch want := want.(type) {
	case map[string]any:
		object, ok := got.(map[string]any)
		if !ok {
			return fmt.Sprintf("expected an object in %s, got %s", path, marshal(got))
		}
		for name, value := range want {
			if wrong := difference(path+"."+name, value, object[name]); wrong != "" {
				return wrong
			}
		}
		return ""
	case []any:
		list, ok := got.([]any)
		if !ok || len(list) < len(want) {
			return fmt.Sprintf("expected %d elements in %s, got %s", len(want), path, marshal(got))
		}
		for i, value := range want {
			if wrong := difference(fmt.Sprintf("%s[%d]", path, i), value, list[i]); wrong != "" {
				return wrong
			}
		}
		return ""
	}
	if !reflect.DeepEqual(want, got) {
		return fmt.Sprintf("expected %s in %s, got %s", marshal(want), path, marshal(got))
	}
	return ""
}
