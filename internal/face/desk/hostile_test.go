package desk

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"parley/internal/desk"
)

// noObjects are bodies that no route may take for what it wants.
func noObjects() []string {
	return []string{
		"{", "[]", "null", `"x"`, "7", `{"a":1}{"b":2}`, `{"a":1`, "\xff\xfe", "{\"a\":\"\xff\"}", `{"surely_no_field":1}`,
		strings.Repeat(`{"a":`, 5000) + "1" + strings.Repeat("}", 5000), strings.Repeat("[", 100_000),
	}
}

// oddValues are given to every field that the description of the API knows.
func oddValues() []string {
	return []string{
		"null", "true", "0", "-1", "1.5", "1e308", "9223372036854775808", `""`, `"\u0000"`, `"../../etc"`, `"` + strings.Repeat("x", 70_000) + `"`,
		"[]", "[null]", "[[]]", `["x"]`, "{}", `{"a":{"b":1}}`, `"\ud800"`,
	}
}

// TestHostileBodies sends what nobody should to every route that takes a body.
// Each is answered, never with a fault of ours, and every refusal has a code;
// that the answers are as described is seen by do.
func TestHostileBodies(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	v := o.visitor(`{"user":{"display_name":"Vic"}}`)
	v.ask("hello")
	_, agent := o.agent("ann", desk.RoleAgent)
	ids := strings.NewReplacer("{thread_id}", v.id.String(), "{agent_id}", agent, "{department_id}", made(o, "/departments", `{"name":"D"}`),
		"{reply_id}", made(o, "/canned-replies", `{"shortcut":"s","text":"t"}`), "{view_id}", made(o, "/views", `{"name":"v"}`),
		"{client_id}", v.id.String(), "{token}", strings.Repeat("x", 43))
	sent := 0
	for _, rt := range routes() {
		if rt.takes != object {
			continue
		}
		path := strings.TrimPrefix(ids.Replace(rt.path), Base)
		for _, body := range noObjects() {
			if r := o.admin.do(rt.method, path, body); r.status < 400 || r.status >= 500 || r.text1("code") == "" {
				t.Errorf("%s with %.60q: %d %s", r.what, body, r.status, r.text)
			}
			sent++
		}
		for _, name := range fieldsOf(t, o.spec, &rt) {
			for _, value := range oddValues() {
				r := o.admin.do(rt.method, path, `{"`+name+`":`+value+`}`)
				if r.status >= 500 || r.status >= 400 && r.text1("code") == "" {
					t.Errorf("%s with %s = %.60s: %d %s", r.what, name, value, r.status, r.text)
				}
				sent++
			}
		}
	}
	if sent < 1000 {
		t.Errorf("only %d bodies were sent", sent)
	}
}

// made makes something that has an id.
func made(o *office, path, body string) string {
	return o.admin.do(http.MethodPost, path, body).want(http.StatusCreated).text1("id")
}

// fieldsOf returns the fields of a route's body.
func fieldsOf(t *testing.T, s *spec, rt *route) (names []string) {
	t.Helper()
	item := s.doc.Paths.Value(rt.path)
	if item == nil || item.GetOperation(rt.method) == nil {
		t.Fatalf("%s %s is not described", rt.method, rt.path)
	}
	body := item.GetOperation(rt.method).RequestBody
	if body == nil || body.Value.Content["application/json"] == nil {
		return nil
	}
	return slices.Sorted(slices.Values(properties(body.Value.Content["application/json"].Schema.Value)))
}

func properties(schema *openapi3.Schema) (names []string) {
	for name := range schema.Properties {
		names = append(names, name)
	}
	for _, part := range slices.Concat(schema.AllOf, schema.OneOf, schema.AnyOf) {
		names = append(names, properties(part.Value)...)
	}
	return names
}
