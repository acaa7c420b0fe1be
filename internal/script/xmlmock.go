package script

import (
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// mock is a <mockData>: which calls it answers, and how (dialog-language 8). A
// <mockService> is the same for the services that scripts reach over HTTP.
type mock struct {
	method  string // "" for any
	address string
	params  map[string]string
	body    *mockBody // nil for any
	answer  httpAnswer
}

// mockBody is what a mock expects of the body of a call.
type mockBody struct {
	text   string // as written, for bodies that are no JSON
	value  any    // nil when the text is no JSON
	isJSON bool
	path   jsonPath
	subset bool
}

func readMock(e *element) (*mock, *complaint) {
	m := &mock{params: map[string]string{}, answer: httpAnswer{Status: 200, Kind: kindJSON}}
	for _, part := range e.children {
		var wrong *complaint
		switch part.name {
		case "query":
			method, _ := part.attr("method")
			m.method, m.address = strings.ToUpper(strings.TrimSpace(method)), strings.TrimSpace(part.text)
		case "parameters":
			for _, p := range part.children {
				m.params[p.name] = strings.TrimSpace(p.text)
			}
		case "body":
			m.body, wrong = readMockBody(part)
		case "response":
			wrong = m.readResponse(part)
		default:
			wrong = fail(part, "<%s> holds no <%s>", e.name, part.name)
		}
		if wrong != nil {
			return nil, wrong
		}
	}
	if m.address == "" {
		return nil, fail(e, "<%s> needs a <query> with the address", e.name)
	}
	return m, nil
}

func readMockBody(e *element) (*mockBody, *complaint) {
	field, _ := e.attr("field")
	path, err := parseJSONPath(field)
	if err != nil {
		return nil, fail(e, "field %q: %s", field, err)
	}
	strict, given := e.attr("strictMatch")
	b := &mockBody{text: strings.TrimSpace(e.text), path: path, subset: given && strings.TrimSpace(strict) == "false"}
	if value, wrong := lenientJSON(e); wrong == nil {
		b.value, b.isJSON = value, true
	}
	return b, nil
}

func (m *mock) readResponse(e *element) *complaint {
	if written, ok := e.attr("status"); ok {
		status, err := strconv.Atoi(strings.TrimSpace(written))
		if err != nil {
			return fail(e, "%q is no status of HTTP", written)
		}
		m.answer.Status = status
	}
	if kind, ok := e.attr("type"); ok {
		switch kind = strings.ToLower(strings.TrimSpace(kind)); kind {
		case kindJSON, kindXML:
			m.answer.Kind = kind
		default:
			m.answer.Kind = kindText
		}
	}
	m.answer.Body = []byte(strings.TrimSpace(e.text))
	if value, wrong := lenientJSON(e); wrong == nil && m.answer.Kind == kindJSON && !json.Valid(m.answer.Body) {
		m.answer.Body = []byte(marshal(value))
	}
	return nil
}

// answer gives the answer of the last mock that fits a call.
func (c *caseRun) answer(q *httpRequest) (*httpAnswer, bool) {
	for _, m := range slices.Backward(c.mocks) {
		if m.fits(q) {
			answer := m.answer
			return &answer, true
		}
	}
	return nil, false
}

func (m *mock) fits(q *httpRequest) bool {
	if m.method != "" && m.method != strings.ToUpper(q.Method) {
		return false
	}
	if !sameAddress(m.address, q.Template) && !sameAddress(m.address, q.URL) {
		return false
	}
	for name, want := range m.params {
		if got, ok := q.Query[name]; !ok || plain(got) != want {
			return false
		}
	}
	return m.body == nil || m.body.fits(q)
}

// sameAddress compares addresses whose parts may be escaped differently.
func sameAddress(a, b string) bool {
	return a == b || unescape(a) == unescape(b)
}

func unescape(address string) string {
	if plain, err := url.QueryUnescape(address); err == nil {
		return plain
	}
	return address
}

// fits compares the body of a call. A form counts as an object of texts, no body
// as an empty one.
func (b *mockBody) fits(q *httpRequest) bool {
	var got any = map[string]any{}
	if len(q.Form) > 0 {
		form := map[string]any{}
		for name, value := range q.Form {
			form[name] = plain(value)
		}
		got = form
	} else if q.Body != nil {
		if err := json.Unmarshal(q.Body, &got); err != nil {
			return false
		}
	}
	if text, ok := got.(string); ok { // a text that is JSON is what it holds
		var inner any
		if json.Unmarshal([]byte(text), &inner) == nil {
			got = inner
		}
	}
	got, ok := b.path.in(got)
	switch text, isText := got.(string); {
	case !ok:
		return false
	case !b.isJSON:
		return isText && squeeze(text) == squeeze(b.text)
	case b.subset:
		return difference(&element{}, "", b.value, got) == nil
	}
	return difference(&element{}, "", b.value, got) == nil && difference(&element{}, "", got, b.value) == nil
}
