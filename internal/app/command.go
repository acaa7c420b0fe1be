package app

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/alecthomas/kong"

	"parley/internal/config"
)

// commands is the grammar of the command line.
type commands struct {
	Serve       serveCommand       `cmd:"" help:"Run the server."`
	Check       checkCommand       `cmd:"" help:"Look for mistakes in a bot directory."`
	Test        testCommand        `cmd:"" help:"Run the XML tests of a bot directory."`
	Chat        chatCommand        `cmd:"" help:"Talk to a bot in the terminal, without a server."`
	Lsp         lspCommand         `cmd:"" help:"Serve an editor: the language server of bot projects."`
	Conformance conformanceCommand `cmd:"" help:"Run the XML tests of many projects and count."`
	Config      configCommand      `cmd:"" help:"Print the settings in force and where they come from."`
	Integration integrationGroup   `cmd:"" help:"Manage integrations."`
	Key         keyGroup           `cmd:"" help:"Manage API keys."`
	Agent       agentGroup         `cmd:"" help:"Manage the agents of the desk."`
	Department  departmentGroup    `cmd:"" help:"Manage departments of the desk."`
	Session     sessionGroup       `cmd:"" help:"List, show and close sessions."`
	Turn        turnGroup          `cmd:"" help:"List turns that failed."`
	Webhook     webhookGroup       `cmd:"" help:"List, show and send dead letters again; send a test ping."`
	Bot         botGroup           `cmd:"" help:"Deploy, roll back, list and reload bots."`
	Backup      backupCommand      `cmd:"" help:"Write a consistent copy of everything into an archive."`
	Restore     restoreCommand     `cmd:"" help:"Read such an archive into an empty data directory."`
	Migrate     migrateCommand     `cmd:"" help:"Copy everything from one store into another."`
	Top         topCommand         `cmd:"" help:"Watch a running server."`
	Ready       readyCommand       `cmd:"" help:"Ask whether the server accepts work."`
	Version     versionCommand     `cmd:"" help:"Print the version."`
	ShowVersion kong.VersionFlag   `name:"version" help:"Print the version."`
}

// process is what a command runs with.
type process struct {
	ctx   context.Context
	env   *Environment
	given []string // names of the flags that were given
}

// exitError ends the program with a code and without a further message.
type exitError int

func (e exitError) Error() string { return fmt.Sprintf("exit code %d", int(e)) }

// run parses the command line, runs the command and turns its error into an
// exit code.
func run(ctx context.Context, env *Environment) int {
	var grammar commands
	ended := -1
	parser, err := kong.New(&grammar, kong.Name("parley"), kong.Description("The conversation session server."),
		kong.Writers(env.Stdout, env.Stderr), kong.Vars{"version": env.Version},
		kong.Exit(func(code int) { ended = code; panic(stopParsing{}) }), kong.UsageOnError(),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}))
	if err != nil {
		return fail(env, err)
	}
	parsed, err := parse(parser, env.Args)
	if ended >= 0 {
		return ended
	}
	if err != nil {
		return fail(env, err)
	}
	p := &process{ctx: ctx, env: env}
	for _, path := range parsed.Path {
		if path.Flag != nil {
			p.given = append(p.given, path.Flag.Name)
		}
	}
	return fail(env, parsed.Run(p))
}

// stopParsing unwinds kong after it printed the help or version.
type stopParsing struct{}

func parse(parser *kong.Kong, args []string) (ctx *kong.Context, err error) {
	defer func() {
		if r := recover(); r != nil {
			if _, ok := r.(stopParsing); !ok {
				err = fmt.Errorf("command line: %v", r)
			}
		}
	}()
	return parser.Parse(args)
}

func fail(env *Environment, err error) int {
	if err == nil {
		return ExitOK
	}
	if code, ok := errors.AsType[exitError](err); ok {
		return int(code)
	}
	fmt.Fprintln(env.Stderr, "parley:", err)
	if _, ok := errors.AsType[controlError](err); ok {
		return ExitFailed
	}
	return ExitCannot
}

// settings reads the settings with what the command line gave.
func (p *process) settings(parsed *config.Config) (*config.Effective, error) {
	return config.Load(config.Sources{Flags: config.Given(parsed, p.given), Environ: p.env.Environ, ReadFile: os.ReadFile})
}

// store is the flag of commands that work on a data directory.
type store struct {
	Data string `name:"data" placeholder:"DIR" help:"Data directory (default: the setting data)."`
	JSON bool   `name:"json" help:"Print JSON."`
}

// ask has an operation done for a command and prints its result.
func (p *process) ask(s store, name string, args any, text func(out *printer)) error {
	effective, err := p.settings(&config.Config{Data: s.Data})
	if err != nil {
		return err
	}
	raw, err := ask(p.ctx, effective.Config, p.env, name, args)
	if err != nil {
		return refusedOrFailed(err)
	}
	return p.print(s.JSON, raw, text)
}

// refusedOrFailed gives a refusal by the core the exit code of a refusal,
// whether the server or this process said it.
func refusedOrFailed(err error) error {
	if _, ok := errors.AsType[controlError](err); ok {
		return err
	}
	if e, ok := asRefusal(err); ok {
		return e
	}
	return err
}

type serveCommand struct {
	config.Config
}

// Help shows an example.
func (serveCommand) Help() string {
	return "Example:\n\n  parley serve --listen 127.0.0.1:8080 --data ./parley-data --demo"
}

// Run serves until the process is told to stop.
func (c *serveCommand) Run(p *process) error {
	effective, err := p.settings(&c.Config)
	if err != nil {
		return err
	}
	return serve(p.ctx, effective.Config, p.env)
}

type configCommand struct {
	config.Config
}

// Help shows an example.
func (configCommand) Help() string { return "Example:\n\n  PARLEY_LOG_LEVEL=debug parley config" }

// Run prints the settings in force.
func (c *configCommand) Run(p *process) error {
	effective, err := p.settings(&c.Config)
	if err != nil {
		return err
	}
	return effective.Print(p.env.Stdout)
}

type versionCommand struct{}

// Help shows an example.
func (versionCommand) Help() string { return "Example:\n\n  parley version" }

// Run prints the version.
func (versionCommand) Run(p *process) error {
	_, err := fmt.Fprintln(p.env.Stdout, "parley", p.env.Version)
	return err
}
