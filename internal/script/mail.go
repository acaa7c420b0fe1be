package script

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net"
	mailaddress "net/mail"
	"net/smtp"
	"strings"
	"time"

	"parley/internal/session"
)

// MailServer sends the mails of $mail.sendMessage. The password is the secret
// SMTP_PASSWORD.
type MailServer struct {
	Address string // host:port; "" for none
	User    string // "" for no login
	From    string // "" is User
}

// mailPassword names the secret of MailServer.
const mailPassword = "SMTP_PASSWORD"

// tlsPort is the port on which mail servers speak TLS from the start.
const tlsPort = "465"

// mail is a message that a script sends.
type mail struct {
	From    string   `json:"from"`
	To      []string `json:"to"`
	Hidden  []string `json:"hidden"`
	Subject string   `json:"subject"`
	Content string   `json:"content"`

	Host     string `json:"smtpHost"` // "" for the server of the settings
	Port     string `json:"smtpPort"`
	User     string `json:"user"`
	Password string `json:"password"`
}

// bindMail binds $mail: script-api 2.11.
func (m *vm) bindMail() {
	m.Bind("mail", func(args []any) (any, error) {
		var out mail
		if err := json.Unmarshal([]byte(text(args, 0)), &out); err != nil {
			return nil, fmt.Errorf("$mail: the settings are not as documented: %w", err)
		}
		return caller{m.run}.mail(&out)
	})
}

// mail sends a message; what goes wrong outside is a status, not an error.
func (r caller) mail(m *mail) (any, error) {
	if err := r.address(m); err != nil {
		return nil, err
	}
	letter, err := m.letter(r.turn.Now(), r.callKey())
	if err != nil {
		return nil, err
	}
	r.record.mails = append(r.record.mails, *m)
	if r.bot.options.Testing && !r.given.real {
		return mailStatus("OK", ""), nil
	}
	if !r.mayCall() {
		return mailStatus("ERROR", "Callback limit reached"), nil
	}
	err = r.waiting(session.ScriptWaitTime, func(ctx context.Context) error { return r.bot.outside.deliver(ctx, m, letter) })
	var end *stopped
	switch {
	case errors.As(err, &end):
		return nil, err
	case err != nil:
		reason := r.bot.masked(err.Error())
		r.log.Warn("a mail was not sent", "bot", r.bot.name, "session", r.sessionID(), "state", r.state, "error", reason)
		return mailStatus("ERROR", reason), nil
	}
	return mailStatus("OK", ""), nil
}

func mailStatus(status, message string) string {
	return marshal(map[string]any{"isOk": status == "OK", "status": status, "message": message})
}

// address completes a mail from the settings.
func (r caller) address(m *mail) error {
	server := r.bot.options.Mail
	if m.Host == "" && server.Address == "" && r.bot.options.Testing {
		server.Address, server.From = "mail.example:25", "bot@mail.example"
	}
	if m.Host == "" {
		host, port, err := net.SplitHostPort(server.Address)
		if err != nil {
			return errors.New("$mail: there is no mail server: the operator sets one (smtp), or $mail.send names smtpHost")
		}
		m.Host, m.Port, m.User, m.Password = host, port, server.User, r.bot.vault.secrets[mailPassword]
		if m.From == "" {
			m.From = server.From
		}
	}
	if m.From == "" {
		m.From = m.User
	}
	if m.Port == "" {
		m.Port = tlsPort
	}
	if len(m.To) == 0 {
		return errors.New("$mail: nobody is named as the recipient")
	}
	return nil
}

// letter is the mail as it goes over the wire.
func (m *mail) letter(at time.Time, id string) ([]byte, error) {
	var out bytes.Buffer
	from, err := mailaddress.ParseAddress(m.From)
	if err != nil {
		return nil, fmt.Errorf("$mail: the sender %q is no mail address", m.From)
	}
	var to []string
	for i, one := range append(append([]string{}, m.To...), m.Hidden...) {
		parsed, err := mailaddress.ParseAddress(one)
		if err != nil {
			return nil, fmt.Errorf("$mail: the recipient %q is no mail address", one)
		}
		if i < len(m.To) {
			to = append(to, parsed.String())
		}
	}
	kind := "text/plain"
	if strings.Contains(m.Content, "</") {
		kind = "text/html"
	}
	fmt.Fprintf(&out, "From: %s\r\nTo: %s\r\nSubject: %s\r\n", from, strings.Join(to, ", "), mime.QEncoding.Encode("utf-8", m.Subject))
	fmt.Fprintf(&out, "Date: %s\r\nMessage-ID: <%s@parley>\r\nMIME-Version: 1.0\r\n", at.Format(time.RFC1123Z), id)
	fmt.Fprintf(&out, "Content-Type: %s; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n", kind)
	for body := []byte(m.Content); len(body) > 0; {
		n := min(len(body), 57) // makes lines of 76 characters
		fmt.Fprintf(&out, "%s\r\n", base64.StdEncoding.EncodeToString(body[:n]))
		body = body[n:]
	}
	return out.Bytes(), nil
}

// deliver hands a mail to its server.
func (o *outside) deliver(ctx context.Context, m *mail, letter []byte) error {
	dialer := &net.Dialer{Control: o.guard.Control}
	conn, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(m.Host, m.Port))
	if err != nil {
		return callError(ctx, err)
	}
	defer conn.Close()
	if deadline, ok := ctx.Deadline(); ok {
		if err := conn.SetDeadline(deadline); err != nil {
			return err
		}
	}
	security := &tls.Config{ServerName: m.Host, MinVersion: tls.VersionTLS12}
	if m.Port == tlsPort {
		conn = tls.Client(conn, security)
	}
	client, err := smtp.NewClient(conn, m.Host)
	if err != nil {
		return callError(ctx, err)
	}
	return callError(ctx, m.speak(client, security, letter))
}

// speak says the mail to a server that was reached.
func (m *mail) speak(client *smtp.Client, security *tls.Config, letter []byte) error {
	if ok, _ := client.Extension("STARTTLS"); ok {
		if err := client.StartTLS(security); err != nil {
			return err
		}
	}
	if m.User != "" {
		if err := client.Auth(smtp.PlainAuth("", m.User, m.Password, m.Host)); err != nil {
			return err
		}
	}
	if err := client.Mail(bare(m.From)); err != nil {
		return err
	}
	for _, one := range append(append([]string{}, m.To...), m.Hidden...) {
		if err := client.Rcpt(bare(one)); err != nil {
			return err
		}
	}
	w, err := client.Data()
	if err != nil {
		return err
	}
	if _, err := w.Write(letter); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	_ = client.Quit() // the server has taken the mail
	return nil
}

// bare is an address that letter has checked, without its name.
func bare(text string) string {
	parsed, err := mailaddress.ParseAddress(text)
	if err != nil {
		return text
	}
	return parsed.Address
}
