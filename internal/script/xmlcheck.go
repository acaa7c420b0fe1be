package script

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/internal/dialog"
)

// reply checks the next text reply.
func (c *caseRun) reply(e *element) *complaint {
	want := squeeze(e.text)
	if len(c.texts) == 0 {
		return differs(e, "the reply", strconv.Quote(want), "none")
	}
	got := c.texts[0]
	c.texts = c.texts[1:]
	text, state := str(got, "text"), str(got, "state")
	if want != "" && want != squeeze(text) {
		return differs(e, "the reply", strconv.Quote(want), fmt.Sprintf("%q from the state %s", text, state))
	}
	if want, ok := e.attr("state"); ok && statePath(want) != state {
		return differs(e, "the reply from the state", statePath(want), fmt.Sprintf("it from %s: %q", state, text))
	}
	if want, ok := e.attr("class"); ok && statePath(want) != c.last.class {
		return differs(e, "the turn to start in the state", statePath(want), orNone(c.last.class))
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
func (c *caseRun) timeoutReply(e *element) *complaint {
	armed := c.visitor.timeout
	if armed == nil {
		return fail(e, "expected an armed timeout, there is none")
	}
	if want, ok := e.attr("targetState"); ok && statePath(want) != armed.TargetState {
		return differs(e, "a timeout to", statePath(want), "one to "+armed.TargetState)
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
		return differs(e, "a timeout after", interval.String(), "one after "+armed.After.String())
	}
	return nil
}

// newSession checks that the request started again in a new session.
func (c *caseRun) newSession(e *element) *complaint {
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
	if want, ok := e.attr("message"); ok && squeeze(want) != squeeze(fields.Query) {
		return differs(e, "newSession with the message", strconv.Quote(want), strconv.Quote(fields.Query))
	}
	data := e.child("data")
	if data == nil {
		return nil
	}
	want, wrong := lenientJSON(data)
	if wrong != nil {
		return wrong
	}
	return difference(data, "data", want, fields.Data)
}

// responseData compares a part of $response with what must be in it. The path
// starts in $response or in $response.data.
func (c *caseRun) responseData(e *element) *complaint {
	var response map[string]any
	if c.last.response != nil {
		if err := json.Unmarshal([]byte(marshal(c.last.response)), &response); err != nil {
			return fail(e, "$response cannot be read: %s", err)
		}
	}
	if response["replies"] == nil { // an error turn has no $response of its own
		response = mergeObjects(map[string]any{"replies": plainReplies(c.last.replies)}, response)
	}
	field, _ := e.attr("field")
	path, err := parseJSONPath(field)
	if err != nil {
		return fail(e, "field %q: %s", field, err)
	}
	got, ok := path.in(response)
	if !ok && response["data"] != nil {
		got, ok = path.in(response["data"])
	}
	if !ok {
		return fail(e, "$response has no field %s", field)
	}
	want, wrong := lenientJSON(e)
	if wrong != nil {
		return wrong
	}
	return difference(e, field, want, got)
}

func plainReplies(list []reply) []any {
	plain := make([]any, len(list))
	for i, one := range list {
		plain[i] = map[string]any(one)
	}
	return plain
}

// mail checks the next mail of the turn: attributes or children recipient,
// subject and body.
func (c *caseRun) mail(e *element) *complaint {
	if len(c.mails) == 0 {
		return fail(e, "expected a mail, none was sent")
	}
	got := c.mails[0]
	c.mails = c.mails[1:]
	for _, field := range []struct{ name, actual string }{
		{"recipient", strings.Join(got.To, ", ")}, {"subject", got.Subject}, {"body", got.Content},
	} {
		want, ok := e.attr(field.name)
		if child := e.child(field.name); child != nil {
			want, ok = child.text, true
		}
		if ok && squeeze(want) != squeeze(field.actual) {
			return differs(e, "a mail with the "+field.name, strconv.Quote(squeeze(want)), strconv.Quote(field.actual))
		}
	}
	return nil
}

// difference tells where got lacks something of want, nil when it does not:
// objects may have more fields, arrays are compared index by index.
func difference(e *element, path string, want, got any) *complaint {
	switch want := want.(type) {
	case map[string]any:
		object, ok := got.(map[string]any)
		if !ok {
			return differs(e, "in "+path, "an object", marshal(got))
		}
		for _, name := range slices.Sorted(maps.Keys(want)) {
			if wrong := difference(e, path+"."+name, want[name], object[name]); wrong != nil {
				return wrong
			}
		}
		return nil
	case []any:
		list, ok := got.([]any)
		if !ok || len(list) < len(want) {
			return differs(e, "in "+path, fmt.Sprintf("%d elements", len(want)), marshal(got))
		}
		for i, value := range want {
			if wrong := difference(e, fmt.Sprintf("%s[%d]", path, i), value, list[i]); wrong != nil {
				return wrong
			}
		}
		return nil
	}
	if !reflect.DeepEqual(want, got) {
		return differs(e, "in "+path, marshal(want), marshal(got))
	}
	return nil
}
