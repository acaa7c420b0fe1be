package socketio

import (
	"net/http"
	"net/url"
	"strings"
)

// request is what is kept of the HTTP request that opened a connection.
type request struct {
	path, query, host, remote, transport string
	header                               []string // names and values in turn
}

// newRequest keeps the headers of the given names.
func newRequest(r *http.Request, transport string, names []string) request {
	kept := request{
		path:      strings.Clone(r.URL.Path), // the originals keep the whole request line
		query:     strings.Clone(r.URL.RawQuery),
		host:      strings.Clone(r.Host),
		remote:    r.RemoteAddr,
		transport: transport,
	}
	for _, name := range names {
		for _, value := range r.Header.Values(name) {
			kept.header = append(kept.header, name, value)
		}
	}
	return kept
}

func (r *request) headers() http.Header {
	h := make(http.Header, len(r.header)/2)
	for i := 0; i < len(r.header); i += 2 {
		h.Add(r.header[i], r.header[i+1])
	}
	return h
}

func (r *request) values() url.Values {
	values, _ := url.ParseQuery(r.query) // what cannot be parsed is left out
	return values
}
