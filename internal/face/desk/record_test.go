package desk

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"net"
	"strings"
	"testing"

	"parley/internal/desk"
	"parley/internal/mailer"
)

// postOffice is a mail server for one letter; the channel gets its text.
func postOffice(t *testing.T) (mailer.Server, <-chan string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	letters := make(chan string, 1)
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		letters <- receive(conn)
	}()
	host, port, err := net.SplitHostPort(listener.Addr().String())
	must(t, err)
	return mailer.Server{Host: host, Port: port}, letters
}

// receive speaks as much SMTP as a client without extensions needs.
func receive(conn net.Conn) string {
	say := func(line string) { fmt.Fprint(conn, line+"\r\n") }
	say("220 office")
	var letter strings.Builder
	inside := false
	for in := bufio.NewScanner(conn); in.Scan(); {
		switch line := in.Text(); {
		case inside && line == ".":
			say("250 taken")
			inside = false
		case inside:
			letter.WriteString(line + "\n")
		case line == "DATA":
			say("354 go on")
			inside = true
		case line == "QUIT":
			say("221 bye")
			return letter.String()
		default:
			say("250 fine")
		}
	}
	return letter.String()
}

func TestTranscriptIsGivenOutAndSent(t *testing.T) {
	o := openOffice(t)
	v := o.visitor(`{"user":{"display_name":"Ada"}}`)
	v.ask("where is my parcel")
	thread := "/threads/" + v.id.String()
	text := o.admin.do("GET", thread+"/transcript", "").want(200)
	if !strings.Contains(text.text, "Ada: where is my parcel") || !strings.Contains(text.text, "Bot: echo where is my parcel") {
		t.Errorf("%s", text.text)
	}
	if kind := text.header.Get("Content-Disposition"); !strings.HasPrefix(kind, "attachment") {
		t.Errorf("Content-Disposition %q", kind)
	}
	o.admin.do("GET", thread+"/transcript?format=json", "").want(200)
	o.admin.do("GET", thread+"/transcript?format=pdf", "").want(400, "invalid_payload")

	o.admin.do("POST", thread+"/transcript/email", `{"to":"ada@example.com"}`).want(409, "conflict")
	server, letters := postOffice(t)
	o.letters.Server = server
	o.admin.do("POST", thread+"/transcript/email", `{"to":"ada@example.com, eve@example.com"}`).want(400, "invalid_payload")
	o.admin.do("POST", thread+"/transcript/email", `{"to":"Ada <ada@example.com>"}`).want(204)
	head, body, _ := strings.Cut(<-letters, "\n\n")
	raw, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(body, "\n", ""))
	if err != nil || !strings.Contains(head, "To: \"Ada\" <ada@example.com>") || !strings.Contains(string(raw), "where is my parcel") {
		t.Errorf("%v\n%s\n%s", err, head, raw)
	}
	// The log cannot be erased, so it does not know the address.
	if audit := o.admin.do("GET", "/audit", "").want(200).text; !strings.Contains(audit, `"transcript_mailed"`) || strings.Contains(audit, "ada@example.com") {
		t.Errorf("%s", audit)
	}
	o.letters.Server.Port = "1"
	o.admin.do("POST", thread+"/transcript/email", `{"to":"ada@example.com"}`).want(503, "unavailable")
}

// TestGuarantee25_AnAdminErasesAPerson: guarantees 2, row 25, from the desk.
func TestGuarantee25_AnAdminErasesAPerson(t *testing.T) {
	o := openOffice(t)
	v := o.visitor(`{"user":{"display_name":"Ada"}}`)
	v.ask("where is my parcel")
	thread := "/threads/" + v.id.String()
	client, _ := o.admin.do("GET", thread, "").want(200).get("client", "id").(string)
	person := "/people/" + client
	manager, _ := o.member(o.admin, "bob", desk.RoleManager)
	manager.do("DELETE", person+"?integration=shop", "").want(403, "forbidden")
	manager.do("GET", person+"/export?integration=shop", "").want(403, "forbidden")
	if packed := o.admin.do("GET", person+"/export?integration=shop", "").want(200); !strings.HasPrefix(packed.text, "PK") {
		t.Errorf("%.40q", packed.text)
	}
	o.admin.do("DELETE", person, "").want(400, "invalid_payload")
	o.admin.do("DELETE", person+"?integration=alone", "").want(404, "not_found")
	proof := o.admin.do("DELETE", person+"?integration=shop", "").want(200)
	o.admin.do("DELETE", person+"?integration=shop", "").want(404, "not_found")
	o.admin.do("GET", thread, "").want(404, "not_found")
	if list := o.admin.do("GET", "/threads?tab=all", "").want(200); strings.Contains(list.text, v.id.String()) {
		t.Errorf("the list still holds the thread: %s", list.text)
	}
	id, _ := proof.get("erasure_id").(string)
	if audit := o.admin.do("GET", "/audit", "").want(200).text; !strings.Contains(audit, `"person_erased"`) || !strings.Contains(audit, id) {
		t.Errorf("%s", audit)
	}
}
