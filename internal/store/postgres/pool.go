package postgres

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Times of the connections: a paused node's transaction is thrown out by the server
// after idleTransaction, so nobody waits longer for its locks.
const (
	idleTransaction = 4 * time.Second
	lockTimeout     = 3 * time.Second
	statementLimit  = 15 * time.Second
	useLimit        = 20 * time.Second // of one use of a connection
	commitLimit     = 8 * time.Second  // of a transaction of changes; what became of its COMMIT is asked then
	dialTimeout     = 3 * time.Second
	deadNetwork     = 5 * time.Second // after which unanswered bytes end a connection, on either side
	aliveIdle       = 2 * time.Second // after which a side asks whether the other is there
	aliveAsks       = 3               // how often, once a second, before it gives up
)

// pool holds connections to the database.
type pool struct {
	config *pgxpool.Config
	conns  *pgxpool.Pool
	wait   time.Duration // for a free connection; 0: as long as the caller does
	limit  time.Duration // of one use
	lost   func(error)   // hears that the database is away; nil for nobody
}

// newPool parses the URL; it does not connect. settings are the server's, by name.
func newPool(url, node string, size int, settings map[string]string) (*pool, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("the address of the database: %w", err)
	}
	config.MaxConns, config.MinConns = int32(size), 0
	config.MaxConnIdleTime = time.Minute
	if config.ConnConfig.ConnectTimeout == 0 {
		config.ConnConfig.ConnectTimeout = dialTimeout
	}
	dialer := &net.Dialer{
		Timeout: dialTimeout, Control: impatient,
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: aliveIdle, Interval: time.Second, Count: aliveAsks},
	}
	config.ConnConfig.DialFunc = dialer.DialContext
	maps.Copy(config.ConnConfig.RuntimeParams, settings)
	config.ConnConfig.RuntimeParams["application_name"] = "parley/" + node
	p := &pool{config: config, wait: patience, limit: useLimit}
	p.conns, err = pgxpool.NewWithConfig(context.Background(), config)
	return p, err
}

// settings are those of every connection. The server ends one whose node is out of
// reach, too: it would keep it for hours, and after a few cuts has none left.
func settings() map[string]string {
	ms := func(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }
	return map[string]string{
		"synchronous_commit":                  "on", // whatever the database or the role is set to: what was acknowledged is kept
		"idle_in_transaction_session_timeout": ms(idleTransaction), "lock_timeout": ms(lockTimeout), "statement_timeout": ms(statementLimit),
		"client_encoding": "UTF8", "default_transaction_isolation": "read committed", "timezone": "UTC",
		"tcp_user_timeout": ms(deadNetwork), "tcp_keepalives_idle": strconv.Itoa(int(aliveIdle.Seconds())),
		"tcp_keepalives_interval": "1", "tcp_keepalives_count": strconv.Itoa(aliveAsks),
	}
}

// byKey are the settings where rows are found by their keys alone. A statement is then
// planned once, and a plan made when a table was empty still fits when it is full.
func byKey() map[string]string {
	all := settings()
	all["plan_cache_mode"], all["enable_seqscan"], all["jit"] = "force_generic_plan", "off", "off"
	return all
}

// with gives use a connection for itself. ctx bounds the wait for it; a use that
// has begun goes on to its own limit, so a caller that goes away costs no connection.
func (p *pool) with(ctx context.Context, use func(*conn) error) error {
	err := p.lend(ctx, use)
	if isAway(err) && !errors.Is(err, errCrowded) && p.lost != nil {
		p.lost(err)
	}
	return err
}

// errCrowded says nothing of the database: others may have all connections.
var errCrowded = errors.New("no connection to the database was free in time")

// take waits for a free connection, or a new one.
func (p *pool) take(ctx context.Context) (*pgxpool.Conn, error) {
	waiting, cancel := ctx, context.CancelFunc(func() {})
	if p.wait > 0 {
		waiting, cancel = context.WithTimeout(ctx, p.wait)
	}
	defer cancel()
	taken, err := p.conns.Acquire(waiting)
	switch {
	case err == nil:
		return taken, nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case waiting.Err() != nil:
		return nil, &unreachable{errCrowded}
	}
	return nil, &unreachable{err}
}

func (p *pool) lend(ctx context.Context, use func(*conn) error) error {
	taken, err := p.take(ctx)
	if err != nil {
		return err
	}
	defer taken.Release()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), p.limit)
	defer cancel()
	raw := taken.Conn().PgConn()
	prepared, known := raw.CustomData()["prepared"].(map[string]bool)
	if !known {
		prepared = map[string]bool{}
		raw.CustomData()["prepared"] = prepared
	}
	return use(&conn{ctx: ctx, raw: raw, prepared: prepared})
}

func (p *pool) close() { p.conns.Close() }
