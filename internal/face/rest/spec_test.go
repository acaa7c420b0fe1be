package rest

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
)

const specFile = "../../../api/openapi.yaml"

// spec is the description of the API that every answer is held against.
type spec struct{ doc *openapi3.T }

func loadSpec(t *testing.T) *spec {
	t.Helper()
	doc, err := described()
	must(t, err)
	return &spec{doc}
}

// described reads and checks the file once for all tests.
var described = sync.OnceValues(func() (*openapi3.T, error) {
	doc, err := openapi3.NewLoader().LoadFromFile(specFile)
	if err != nil {
		return nil, err
	}
	return doc, doc.Validate(context.Background(), openapi3.EnableExamplesValidation())
})

// operation finds the operation of a request.
func (s *spec) operation(method, path string) *routers.Route {
	for template, item := range s.doc.Paths.Map() {
		op := item.GetOperation(method)
		if op != nil && matches(template, path) {
			return &routers.Route{Spec: s.doc, Path: template, PathItem: item, Method: method, Operation: op}
		}
	}
	return nil
}

func matches(template, path string) bool {
	want, got := strings.Split(template, "/"), strings.Split(path, "/")
	if len(want) != len(got) {
		return false
	}
	for i, part := range want {
		if !strings.HasPrefix(part, "{") && part != got[i] {
			return false
		}
	}
	return true
}

// validate holds an answer against its operation and returns the operation's
// id. An answer of no operation must be a refusal in the format of its family.
func (s *spec) validate(req *http.Request, r *reply) (operation string, err error) {
	if req.Method == http.MethodHead {
		return "", nil
	}
	route := s.operation(req.Method, strings.TrimPrefix(req.URL.Path, "/chatadapter"))
	if route == nil {
		name := "Error"
		if strings.HasPrefix(req.URL.Path, "/api/") || strings.HasPrefix(req.URL.Path, "/problems/") {
			name = "Problem"
		}
		if isChat(req.URL.Path) {
			name = "ChatError"
		}
		return "", s.doc.Components.Schemas[name].Value.VisitJSON(r.get(), openapi3.EnableJSONSchema2020())
	}
	input := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: req, Route: route},
		Status:                 r.status,
		Header:                 r.header,
		Body:                   io.NopCloser(strings.NewReader(r.text)),
		Options:                &openapi3filter.Options{IncludeResponseStatus: true, MultiError: true},
	}
	return route.Operation.OperationID, openapi3filter.ValidateResponse(req.Context(), input)
}

// TestSpecRefusesWrongAnswers makes sure that the description can tell.
func TestSpecRefusesWrongAnswers(t *testing.T) {
	st := start(t)
	id := st.create(orderSession)
	for _, c := range []struct{ name, method, path, key, from, to string }{
		{"session id missing", "POST", one(id) + "/handover", "", `,"session_id"`, `,"sessionid"`},
		{"request id is no UUIDv7", "POST", one(id) + "/handover", "", `{"request_id":"`, `{"request_id":"x`},
		{"another error code", "POST", one(id) + "/close", "wrong", "unauthorized", "forbidden"},
		{"a third field in an error", "POST", one(id) + "/close", "wrong", `{"error_code"`, `{"more":1,"error_code"`},
		{"context lost a key", "GET", ours(id), "", `"tags"`, `"tag"`},
		{"unknown key beside the context", "GET", ours(id), "", `"context"`, `"extra":1,"context"`},
		{"another problem type", "GET", ours("x"), "", "/problems/session-not-found", "/problems/unauthorized"},
	} {
		req := st.request(ask{method: c.method, path: c.path, key: c.key})
		resp, err := st.server.Client().Do(req)
		must(t, err)
		text, err := io.ReadAll(resp.Body)
		must(t, err)
		must(t, resp.Body.Close())
		r := &reply{t, req.Method, req.URL.Path, resp.StatusCode, resp.Header, string(text)}
		if _, err := st.spec.validate(req, r); err != nil {
			t.Errorf("%s: the true answer is refused: %v", c.name, err)
		}
		r.text = strings.Replace(r.text, c.from, c.to, 1)
		if r.text == string(text) {
			t.Fatalf("%s: %s does not occur in %s", c.name, c.from, text)
		}
		if _, err := st.spec.validate(req, r); err == nil {
			t.Errorf("%s: passes: %s", c.name, r.text)
		}
		r.text = string(text)
		r.header.Del("X-Request-Id")
		if _, err := st.spec.validate(req, r); err == nil {
			t.Errorf("%s: passes without X-Request-Id", c.name)
		}
	}
}
