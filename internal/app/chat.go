package app

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"

	"parley/internal/chat"
	"parley/internal/config"
	"parley/internal/dialog"
	"parley/internal/script"
)

type chatCommand struct {
	Dir    string   `arg:"" help:"Bot directory: the one with chatbot.yaml."`
	Log    bool     `name:"log" help:"Show the bot's log on standard error."`
	Secret []string `name:"secret" placeholder:"NAME=VALUE" help:"Value of $secrets.get(NAME); may be repeated. Others come from PARLEY_SECRET_NAME."`
}

// Help shows an example.
func (chatCommand) Help() string {
	return "Talks to a bot without a server; :help lists the commands. In a pipe each line is a message, and the exit code is 1 when " +
		"a turn failed.\n\nExample:\n\n  parley chat ./mybot\n  printf 'hello\\n:why\\n' | parley chat ./mybot"
}

// Run talks until the input ends.
func (c *chatCommand) Run(p *process) error {
	if _, err := os.Stat(c.Dir); err != nil {
		return err
	}
	options, err := c.options(p)
	if err != nil {
		return err
	}
	in := p.env.Stdin
	if in == nil {
		in = strings.NewReader("")
	}
	talk := &chat.Chat{
		In: in, Out: p.env.Stdout, Terminal: isTerminal(in), Clock: p.env.Now,
		Load: func() (*script.Bot, []dialog.Diagnostic) { return script.Load(c.Dir, options) },
	}
	failed, err := talk.Run(p.ctx)
	switch {
	case errors.Is(err, chat.ErrNoBot):
		return exitError(ExitCannot)
	case err == nil && failed:
		return exitError(ExitFailed)
	}
	return err
}

// options are those that the settings give every bot.
func (c *chatCommand) options(p *process) (script.Options, error) {
	effective, err := p.settings(&config.Config{})
	if err != nil {
		return script.Options{}, err
	}
	options, err := botOptions(effective.Config, p.env)
	if err != nil {
		return options, err
	}
	options.Secrets, err = withSecrets(options.Secrets, c.Secret)
	if c.Log {
		options.Log = slog.New(slog.NewTextHandler(p.env.Stderr, nil))
	}
	return options, err
}

// withSecrets adds the values of --secret.
func withSecrets(s script.Secrets, flags []string) (script.Secrets, error) {
	for _, one := range flags {
		name, value, ok := strings.Cut(one, "=")
		if !ok || name == "" {
			return s, fmt.Errorf("--secret takes NAME=VALUE, not %q", one)
		}
		s = s.With(name, value)
	}
	return s, nil
}

// isTerminal tells whether a person reads or types there.
func isTerminal(stream any) bool {
	file, ok := stream.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
