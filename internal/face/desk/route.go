package desk

import (
	"net/http"
	"slices"

	"parley/internal/desk"
)

// public is the permission of routes for people who are not signed in.
const public desk.Permission = ""

// takes says what a route does with a request body.
type takes int

const (
	nothing takes = iota // any body is ignored
	object               // a JSON object; see call.into
)

// route is one operation of the face. It has a function that answers (do), or
// one that takes the connection over (open).
type route struct {
	method string
	path   string // pattern of http.ServeMux
	needs  desk.Permission
	takes  takes
	do     func(c *call) (answer, error)
	open   func(c *call, w http.ResponseWriter) // after the same checks, the Origin among them
}

// routes returns all operations.
func routes() []route {
	return slices.Concat(signInRoutes(), agentRoutes(), signOnRoutes(), peopleRoutes(), threadRoutes(), recordRoutes(), problemRoutes())
}

// refusing is the route of a path or method that is not served.
func refusing(path string, why error) *route {
	return &route{path: path, do: func(*call) (answer, error) { return answer{}, why }}
}

// label names the route in metrics.
func (rt *route) label() string {
	if rt.method == "" {
		return rt.path
	}
	return rt.method + " " + rt.path
}
