package rest

import (
	"bytes"
	"io"
	"net/http"
	"strings"
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
	doc, err := openapi3.NewLoader().LoadFromFile(specFile)
	must(t, err)
	must(t, doc.Validate(t.Context(), openapi3.EnableExamplesValidation()))
	return &spec{doc}
}

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
func (s *spec) validate(t *testing.T, req *http.Request, r *reply) string {
	t.Helper()
	method := req.Method
	if method == http.MethodHead {
		return ""
	}
	route := s.operation(method, req.URL.Path)
	if route == nil {
		name := "Error"
		if strings.HasPrefix(req.URL.Path, "/api/") || strings.HasPrefix(req.URL.Path, "/problems/") {
			name = "Problem"
		}
		if err := s.doc.Components.Schemas[name].Value.VisitJSON(r.get(), openapi3.EnableJSONSchema2020()); err != nil {
			t.Errorf("%s %s -> %d: %v", method, req.URL.Path, r.status, err)
		}
		return ""
	}
	input := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: req, Route: route},
		Status:                 r.status,
		Header:                 r.header,
		Body:                   io.NopCloser(bytes.NewReader([]byte(r.text))),
		Options:                &openapi3filter.Options{IncludeResponseStatus: true, MultiError: true},
	}
	if err := openapi3filter.ValidateResponse(t.Context(), input); err != nil {
		t.Errorf("%s %s -> %d does not fit its description: %v\n%s", method, req.URL.Path, r.status, err, r.text)
	}
	return route.Operation.OperationID
}
