package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"parley/internal/config"
	"parley/internal/dialog"
	"parley/internal/script"
	"parley/internal/session"
)

// deployBot are the arguments of bot.deploy: a staged copy of a bot directory.
type deployBot struct {
	Bot    string `json:"bot"`    // the directory, absolute
	Staged string `json:"staged"` // below the data directory
	Move   bool   `json:"move"`
}

// rollbackBot are the arguments of bot.rollback.
type rollbackBot struct {
	Bot  string `json:"bot"`
	To   int    `json:"to"` // 0 = the release before the current one
	Keep bool   `json:"keep_sessions"`
}

// shelfReport is what the commands about releases answer.
type shelfReport struct {
	Bot     string        `json:"bot"`
	Current int           `json:"current"`
	List    []shelvedLine `json:"releases"`
}

// shelvedLine is one release. Sessions are the open ones that run it, at most
// those of integrations with this bot.
type shelvedLine struct {
	script.Release
	Current  bool  `json:"current"`
	Sessions int64 `json:"open_sessions"`
}

// releasesDir keeps the releases of bots.
func releasesDir(cfg config.Config) string { return filepath.Join(cfg.Data, "bots") }

func deploy(ctx context.Context, n *Node, args deployBot) (any, error) {
	root, err := filepath.Abs(releasesDir(n.cfg))
	if err != nil {
		return nil, err
	}
	if inside, err := filepath.Rel(root, args.Staged); err != nil || !filepath.IsLocal(inside) {
		return nil, session.Invalid("staged", "must be a directory below %s", root)
	}
	var r script.Release
	var found []dialog.Diagnostic
	err = n.peers.shelved(ctx, args.Bot, func(context.Context) (err error) {
		r, found, err = n.bots.Deploy(args.Bot, args.Staged, n.now(), args.Move)
		return err
	})
	if err != nil {
		return nil, err
	}
	if r.Number == 0 {
		return nil, errors.Join(refuse(args.Bot, found), os.RemoveAll(args.Staged))
	}
	n.log.InfoContext(ctx, "a bot was deployed", "bot", args.Bot, "release", r.Number, "move", args.Move)
	return n.shelf(ctx, args.Bot)
}

func rollback(ctx context.Context, n *Node, args rollbackBot) (any, error) {
	var r script.Release
	err := n.peers.shelved(ctx, args.Bot, func(context.Context) (err error) {
		r, err = n.bots.Rollback(args.Bot, args.To, args.Keep)
		return err
	})
	if err != nil {
		return nil, err
	}
	n.log.InfoContext(ctx, "a bot was rolled back", "bot", args.Bot, "release", r.Number, "keep_sessions", args.Keep)
	return n.shelf(ctx, args.Bot)
}

// namedBot are the arguments of bot.releases.
type namedBot struct {
	Bot string `json:"bot"`
}

func listReleases(ctx context.Context, n *Node, args namedBot) (any, error) {
	return n.shelf(ctx, args.Bot)
}

// shelf counts the open sessions on each release, and forgets old releases
// that none is on.
func (n *Node) shelf(ctx context.Context, bot string) (*shelfReport, error) {
	_, serving, err := n.bots.Releases(bot)
	if err != nil {
		return nil, err
	}
	counts, err := n.store.Releases(ctx)
	if err != nil {
		return nil, err
	}
	open := map[int]int64{}
	for _, c := range counts {
		if in, ok := n.directory.Integration(c.Integration); ok && in.Settings.Bot == bot {
			open[serving(c.Release)] += c.Open
		}
	}
	var list []script.Release
	err = n.peers.shelved(ctx, bot, func(context.Context) (err error) {
		list, err = n.bots.Prune(bot, func(number int) bool { return open[number] > 0 })
		return err
	})
	report := &shelfReport{Bot: bot, Current: serving(0), List: []shelvedLine{}}
	for _, r := range list {
		report.List = append(report.List, shelvedLine{r, r.Number == report.Current, open[r.Number]})
	}
	return report, err
}

type botDeploy struct {
	store
	Dir   string `arg:"" help:"Bot directory: the one with chatbot.yaml."`
	Move  bool   `name:"move" help:"Move running sessions to the new release, too."`
	Tests bool   `name:"tests" default:"true" negatable:"" help:"Run its XML tests first (--no-tests: do not)."`
}

// Help shows an example.
func (botDeploy) Help() string {
	return "Checks a copy of the directory, runs its tests, and puts the copy into service for new sessions. Running sessions keep\n" +
		"their release until they end. Exit code 1: it has errors or a test fails; then nothing changes.\n\n" +
		"Example:\n\n  parley bot deploy --data ./parley-data ./mybot"
}

// Run deploys a bot directory.
func (c *botDeploy) Run(p *process) error {
	effective, err := p.settings(&config.Config{Data: c.Data})
	if err != nil {
		return err
	}
	bot, err := botDir(c.Dir)
	if err != nil {
		return err
	}
	root, err := filepath.Abs(releasesDir(effective.Config))
	if err != nil {
		return err
	}
	staged, err := script.Stage(root, bot)
	if err != nil {
		return err
	}
	if err := c.try(p, effective.Config, bot, staged); err != nil {
		return errors.Join(err, os.RemoveAll(staged))
	}
	err = p.ask(c.store, "bot.deploy", deployBot{Bot: bot, Staged: staged, Move: c.Move}, printShelf)
	if err != nil {
		return errors.Join(err, os.RemoveAll(staged))
	}
	return nil
}

// botDir is the absolute path of a bot directory that exists.
func botDir(dir string) (string, error) {
	path, err := filepath.Abs(dir)
	if err == nil {
		_, err = os.Stat(path)
	}
	return path, err
}

// try checks the staged copy of a bot directory and runs its tests.
func (c *botDeploy) try(p *process, cfg config.Config, bot, staged string) error {
	options, err := botOptions(cfg, p.env)
	if err != nil {
		return err
	}
	options.Name = filepath.Base(bot)
	found, err := script.Check(staged, options)
	if err != nil {
		return err
	}
	for _, d := range found {
		fmt.Fprintln(p.env.Stderr, d.String())
	}
	if dialog.HasErrors(found) {
		return exitError(ExitFailed)
	}
	if !c.Tests {
		return nil
	}
	tests := testCommand{Dir: staged, Format: "text"}
	if c.JSON {
		tests.Output = os.DevNull // one object is printed, that of the deploy
	}
	return tests.once(p, script.TestPlan{}, options)
}

type botRollback struct {
	store
	Dir  string `arg:"" help:"Bot directory that was deployed."`
	To   int    `name:"to" placeholder:"N" help:"Release to go back to (default: the one before)."`
	Keep bool   `name:"keep-sessions" help:"Running sessions of the withdrawn release keep it."`
}

// Help shows an example.
func (botRollback) Help() string {
	return "Running sessions of the withdrawn release go back with it, unless --keep-sessions.\n\n" +
		"Example:\n\n  parley bot rollback --data ./parley-data ./mybot"
}

// Run goes back to an earlier release.
func (c *botRollback) Run(p *process) error {
	bot, err := filepath.Abs(c.Dir)
	if err != nil {
		return err
	}
	return p.ask(c.store, "bot.rollback", rollbackBot{Bot: bot, To: c.To, Keep: c.Keep}, printShelf)
}

type botReleases struct {
	store
	Dir string `arg:"" help:"Bot directory that was deployed."`
}

// Help shows an example.
func (botReleases) Help() string {
	return "Example:\n\n  parley bot releases --data ./parley-data ./mybot"
}

// Run lists the releases of a bot and how many sessions are on each.
func (c *botReleases) Run(p *process) error {
	bot, err := filepath.Abs(c.Dir)
	if err != nil {
		return err
	}
	return p.ask(c.store, "bot.releases", namedBot{Bot: bot}, printShelf)
}

// printShelf is the report for a person.
func printShelf(out *printer) {
	var report shelfReport
	if err := json.Unmarshal(out.raw, &report); err != nil {
		fmt.Fprintln(out.tab, err)
		return
	}
	fmt.Fprintln(out.tab, "RELEASE\tDEPLOYED\tOPEN SESSIONS\t")
	for _, r := range report.List {
		mark := ""
		if r.Current {
			mark = "in service"
		}
		fmt.Fprintf(out.tab, "%d\t%s\t%d\t%s\n", r.Number, time.UnixMilli(r.DeployedMs).UTC().Format(time.RFC3339), r.Sessions, mark)
	}
}
