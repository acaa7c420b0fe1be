package script

import (
	"bufio"
	"fmt"
	"net"
	"strings"
	"testing"

	"parley/internal/egress"
	"parley/internal/session"
)

// postOffice is a mail server that takes one mail; a recipient `full@...` is
// refused. The conversation is what the client said.
func postOffice(t *testing.T) (address string, said func() string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	lines := make(chan string, 1)
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			lines <- ""
			return
		}
		defer conn.Close()
		lines <- receive(conn)
	}()
	t.Cleanup(func() { listener.Close() })
	return listener.Addr().String(), func() string { return <-lines }
}

func receive(conn net.Conn) string {
	var all strings.Builder
	in := bufio.NewScanner(conn)
	say := func(line string) { fmt.Fprint(conn, line+"\r\n") }
	say("220 office")
	data := false
	for in.Scan() {
		line := in.Text()
		all.WriteString(line + "\n")
		switch {
		case data && line == ".":
			data = false
			say("250 taken")
		case data:
		case strings.HasPrefix(line, "EHLO"):
			say("250-office")
			say("250 AUTH PLAIN")
		case strings.HasPrefix(line, "AUTH"):
			say("235 welcome")
		case strings.HasPrefix(line, "RCPT TO:<full@"):
			say("552 the box is full")
		case line == "DATA":
			data = true
			say("354 go on")
		case line == "QUIT":
			say("221 bye")
			return all.String()
		default:
			say("250 ok")
		}
	}
	return all.String()
}

func mailBot(t *testing.T, address, call string) *talk {
	t.Helper()
	options := Options{
		Log: testLog(t), Egress: egress.Guard{AllowPrivate: true}, Mail: MailServer{Address: address, User: "bot@shop.example"},
		Secrets: Secrets{}.With("SMTP_PASSWORD", "pass"),
	}
	host, port, _ := net.SplitHostPort(address)
	call = strings.NewReplacer("HOST", host, "PORT", port).Replace(call)
	return newTalk(t, load(t, options, map[string]string{"main.sc": asks(call, `r.status + " " + r.message`)}))
}

// script-api 2.11: a mail over SMTP, by the server of the settings or one that
// the script names.
func TestMail(t *testing.T) {
	for _, tt := range []struct {
		call string
		want []string
	}{
		{`$mail.sendMessage("ann@example.com", "Заявка", "Привет")`, []string{
			"AUTH PLAIN AGJvdEBzaG9wLmV4YW1wbGUAcGFzcw==", "MAIL FROM:<bot@shop.example>", "RCPT TO:<ann@example.com>",
			"To: <ann@example.com>", "Subject: =?utf-8?q?=D0=97=D0=B0=D1=8F=D0=B2=D0=BA=D0=B0?=", "Content-Type: text/plain; charset=utf-8", "\n0J/RgNC40LLQtdGC\n",
		}},
		{`$mail.send({from: "Shop <shop@example.com>", to: ["a@example.com", "b@example.com"], hiddenCopy: "c@example.com", subject: "s", content: "<b>x</b>", smtpHost: "HOST", smtpPort: PORT})`, []string{
			"MAIL FROM:<shop@example.com>", "RCPT TO:<a@example.com>", "RCPT TO:<b@example.com>", "RCPT TO:<c@example.com>",
			`From: "Shop" <shop@example.com>`, "To: <a@example.com>, <b@example.com>\n", "text/html",
		}},
	} {
		address, said := postOffice(t)
		c := mailBot(t, address, tt.call)
		c.expect("go", "OK ")
		got := said()
		for _, want := range tt.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s: %q is missing in\n%s", tt.call, want, got)
			}
		}
	}
}

func TestMailFails(t *testing.T) {
	address, _ := postOffice(t)
	mailBot(t, address, `$mail.sendMessage("full@example.com", "s", "c")`).expect("go", `ERROR 552 "the box is full"`)

	closed, _ := postOffice(t)
	c := mailBot(t, closed, `$mail.sendMessage("a@example.com", "s", "c")`)
	c.bot.outside = newOutside(egress.Guard{PrivateSetting: "script-network"})
	if got := c.say("go"); len(got) != 1 || !strings.Contains(got[0], "not a public address") {
		t.Errorf("got %q: the guard must refuse", got)
	}
	for call, want := range map[string]string{
		`$mail.sendMessage("", "s", "c")`:                                    "nobody is named",
		`$mail.sendMessage("ann", "s", "c")`:                                 "is no mail address",
		`$mail.sendMessage("a@example.com\r\nBcc: x@example.com", "s", "c")`: "is no mail address",
		`$mail.send("a")`: "takes {from",
	} {
		c := mailBot(t, "mail.example:25", call)
		c.say("go")
		if c.last.Failure == nil || !strings.Contains(c.last.Failure.Message, want) {
			t.Errorf("%s: %+v, want %q", call, c.last.Failure, want)
		}
	}
	c = scriptBot(t, asks(`$mail.sendMessage("a@example.com", "s", "c")`, "1"))
	c.say("go")
	if c.last.Failure == nil || !strings.Contains(c.last.Failure.Message, "there is no mail server") {
		t.Errorf("%+v", c.last.Failure)
	}
}

// In a test no mail goes out; <mail> looks at the record (dialog-language 8).
func TestMailInTests(t *testing.T) {
	bot := load(t, Options{Testing: true}, map[string]string{"main.sc": asks(`$mail.sendMessage("a@example.com", "s", "c")`, "r.status")})
	_, done := newTalk(t, bot).send(t.Context(), session.Input{Text: "go"})
	if len(done.mails) != 1 || done.mails[0].To[0] != "a@example.com" || done.mails[0].Subject != "s" || str(done.replies[0], "text") != "OK" {
		t.Errorf("%+v", done)
	}
}
