package desk

import (
	"io"
	"net/http"
	"slices"
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

// described reads the file once for all tests.
var described = sync.OnceValues(func() (*openapi3.T, error) { return openapi3.NewLoader().LoadFromFile(specFile) })

// operation finds the operation of a request; one with fewer variables wins.
func (s *spec) operation(method, path string) (found *routers.Route) {
	for template, item := range s.doc.Paths.Map() {
		op := item.GetOperation(method)
		if op == nil || !matches(template, path) {
			continue
		}
		if found == nil || strings.Count(template, "{") < strings.Count(found.Path, "{") {
			found = &routers.Route{Spec: s.doc, Path: template, PathItem: item, Method: method, Operation: op}
		}
	}
	return found
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

// validate holds an answer against its operation. Every operation may refuse,
// in one form.
func (s *spec) validate(req *http.Request, r *reply) error {
	if r.status >= 400 {
		return s.doc.Components.Schemas["DeskProblem"].Value.VisitJSON(r.get(), openapi3.EnableJSONSchema2020())
	}
	route := s.operation(req.Method, req.URL.Path)
	if route == nil {
		return nil // TestRoutesAreDescribed says which ones must be
	}
	input := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: req, Route: route},
		Status:                 r.status,
		Header:                 r.header,
		Body:                   io.NopCloser(strings.NewReader(r.text)),
		Options:                &openapi3filter.Options{IncludeResponseStatus: true, MultiError: true},
	}
	return openapi3filter.ValidateResponse(req.Context(), input)
}

// TestRoutesAreDescribed compares the routes of accounts with the description,
// and the description with all routes.
func TestRoutesAreDescribed(t *testing.T) {
	api := loadSpec(t)
	for _, rt := range slices.Concat(signInRoutes(), signOnRoutes(), agentRoutes(), recordRoutes(), problemRoutes()) {
		item := api.doc.Paths.Value(rt.path)
		if item == nil || item.GetOperation(rt.method) == nil {
			t.Errorf("%s %s is not in the description of the API", rt.method, rt.path)
		}
	}
	for path, item := range api.doc.Paths.Map() {
		for method := range item.Operations() {
			served := !strings.HasPrefix(path, Base)
			for _, rt := range routes() {
				served = served || rt.method == method && rt.path == path
			}
			if !served {
				t.Errorf("%s %s is described and not served", method, path)
			}
		}
	}
}
