package program

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"regexp"
	"strings"
	"testing"
)

// person is a browser at the desk.
type person struct {
	t      *testing.T
	client *http.Client
	base   string
}

func newPerson(t *testing.T, base string) *person {
	t.Helper()
	jar, err := cookiejar.New(nil)
	must(t, err)
	return &person{t, &http.Client{Jar: jar, Timeout: patience}, base}
}

// do sends a request to the desk and returns its status and answer.
func (p *person) do(method, path, body string) (int, string) {
	p.t.Helper()
	req, err := http.NewRequestWithContext(p.t.Context(), method, p.base+"/desk/api"+path, strings.NewReader(body))
	must(p.t, err)
	req.Header.Set("Content-Type", "application/json")
	res, err := p.client.Do(req)
	must(p.t, err)
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(res.Body)
	must(p.t, err)
	return res.StatusCode, string(raw)
}

var linkPattern = regexp.MustCompile(`http\S+/desk/invitations/(\S+)`)

// TestFirstStartMakesAnAdmin follows the link that serve prints, lets the
// command line manage people beside the running server, and starts again.
func TestFirstStartMakesAnAdmin(t *testing.T) {
	t.Parallel()
	dir := directory(t)
	s := startWith(t, setup{dir: dir})
	link := linkPattern.FindStringSubmatch(s.out.String())
	if link == nil || !strings.HasPrefix(link[0], s.base+"/") {
		t.Fatalf("no link to %s in %q", s.base, s.out.String())
	}
	ada := newPerson(t, s.base)
	status, _ := ada.do("POST", "/invitations/"+link[1], `{"name":"Ada","email":"ada@desk.example","password":"correct mule battery"}`)
	same(t, "status", status, 200)
	status, _ = ada.do("GET", "/session", "")
	same(t, "signed in", status, 200)

	bobs := s.ask("agent", "invite", "--email", "bob@desk.example", "--role", "manager")
	token := linkPattern.FindStringSubmatch(text(bobs, "invitation_url"))
	if token == nil || !strings.HasPrefix(token[0], s.base+"/") {
		t.Fatalf("got %v", bobs)
	}
	bob := newPerson(t, s.base)
	status, answer := bob.do("POST", "/invitations/"+token[1], `{"password":"correct mule battery"}`)
	same(t, "status", status, 200)
	if !strings.Contains(answer, `"manager"`) {
		t.Errorf("got %s", answer)
	}
	same(t, "agents", len(s.ask("agent", "list").([]any)), 2)
	same(t, "active", at(s.ask("agent", "disable", "bob@desk.example"), "active"), any(false))
	status, _ = bob.do("GET", "/session", "")
	same(t, "a disabled agent", status, 401)
	same(t, "active", at(s.ask("agent", "enable", "bob@desk.example"), "active"), any(true))
	if r := parley(t, "agent", "disable", "ada@desk.example", "--data", dir); r.code != 1 || !strings.Contains(r.err, "last admin") {
		t.Errorf("the last admin: %+v", r)
	}
	same(t, "exit code", s.stop(), 0)

	again := startWith(t, setup{dir: dir})
	if linkPattern.MatchString(again.out.String()) {
		t.Error("a server with an admin prints a link to make one")
	}
	ada.base = again.base
	status, _ = ada.do("POST", "/session", `{"email":"ada@desk.example","password":"correct mule battery"}`)
	same(t, "signed in again", status, 200)
	reset := linkPattern.FindStringSubmatch(text(again.ask("agent", "reset", "ada@desk.example"), "invitation_url"))
	if reset == nil {
		t.Fatal("no link")
	}
	status, _ = newPerson(t, again.base).do("POST", "/invitations/"+reset[1], `{"password":"quite another phrase"}`)
	same(t, "status", status, 200)
	status, _ = ada.do("GET", "/session", "")
	same(t, "the old login", status, 401)
	same(t, "exit code", again.stop(), 0)
}
