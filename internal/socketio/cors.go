package socketio

import "net/http"

// preflightAge is how long a browser may remember the answer to a preflight, in seconds.
const preflightAge = "600"

// admitOrigin checks the Origin of a request and sets the CORS headers. It answers what needs no more than that: a foreign origin
// and a preflight. It returns whether the request goes on.
//
// The answer names the origin, never "*", and allows credentials only to origins a check has accepted: without a check every site
// could read what a visitor's cookies open.
func (s *Server) admitOrigin(w http.ResponseWriter, r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin != "" {
		check := s.options.CheckOrigin
		w.Header().Add("Vary", "Origin")
		if check != nil && !check(r, origin) {
			refuseOrigin.write(w)
			return false
		}
		w.Header().Set("Access-Control-Allow-Origin", origin)
		if check != nil && s.options.AllowCredentials {
			w.Header().Set("Access-Control-Allow-Credentials", "true")
		}
	}
	if r.Method != http.MethodOptions {
		return true
	}
	if origin != "" {
		h := w.Header()
		h.Set("Access-Control-Allow-Methods", "GET, POST")
		if asked := r.Header.Get("Access-Control-Request-Headers"); asked != "" {
			h.Set("Access-Control-Allow-Headers", asked)
		}
		h.Set("Access-Control-Max-Age", preflightAge)
	}
	w.WriteHeader(http.StatusNoContent)
	return false
}
