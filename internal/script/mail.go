package script

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"

	"parley/internal/mailer"
	"parley/internal/session"
)

// MailServer sends the mails of $mail.sendMessage. The password is the secret
// SMTP_PASSWORD.
type MailServer struct {
	Address string // host:port; "" for none
	User    string // "" for no login
	From    string // "" is User
}

// MailPassword names the secret of MailServer.
const MailPassword = "SMTP_PASSWORD"

// mail is a message that a script sends.
type mail struct {
	mailer.Message
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
	letter, err := m.Letter(r.turn.Now(), r.callKey())
	if err != nil {
		return nil, fmt.Errorf("$mail: %w", err)
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
		m.Host, m.Port, m.User, m.Password = host, port, server.User, r.bot.vault.secrets[MailPassword]
		if m.From == "" {
			m.From = server.From
		}
	}
	if m.From == "" {
		m.From = m.User
	}
	if m.Port == "" {
		m.Port = mailer.PortTLS
	}
	if len(m.To) == 0 {
		return errors.New("$mail: nobody is named as the recipient")
	}
	return nil
}

// deliver hands a mail to its server.
func (o *outside) deliver(ctx context.Context, m *mail, letter []byte) error {
	server := mailer.Server{Host: m.Host, Port: m.Port, User: m.User, Password: m.Password}
	return callError(ctx, server.Send(ctx, &net.Dialer{Control: o.guard.Control}, &m.Message, letter))
}
