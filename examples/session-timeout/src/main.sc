# A session ends after 10 seconds of silence. postProcess remembers when the bot
# last answered; preProcess compares, and starts a new session with the same
# message when the pause was too long.
init:
    bind("postProcess", function($context) {
        $context.session.lastActiveTime = $jsapi.currentTime();
    });

    bind("preProcess", function($context) {
        var last = $context.session.lastActiveTime;
        if (last && $jsapi.currentTime() - last > 10000) {
            $reactions.newSession({
                message: $context.request.query,
                session: $context.request.data
            });
        }
    });

theme: /

    state: Six
        q!: test 6
        script:
            $session.count = ($session.count || 0) + 1;
        a: Test 6, number {{$session.count}} in this session.

    state: CatchAll
        q!: *
        script:
            $session.count = ($session.count || 0) + 1;
        a: Message {{$session.count}} of this session.
