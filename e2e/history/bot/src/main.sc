require: counter.js

theme: /

    state: Echo
        q!: echo *
        script: $reactions.answer(count("echo", token()));

    state: Slow
        q!: slow *
        script:
            think();
            $reactions.answer(count("slow", token()));

    state: Restart
        q!: restart *
        script:
            $jsapi.startSession();
            $reactions.answer(count("restart", token()));

    state: New
        q!: new *
        script:
            $reactions.answer("before " + token());
            $reactions.newSession({message: "renewed " + token()});

    state: Renewed
        q!: renewed *
        script: $reactions.answer(count("new", token()));

    state: Stop
        q!: stop *
        script:
            $reactions.answer(count("stop", token()));
            $jsapi.stopSession();

    state: Arm
        q!: arm *
        script:
            $session.armed = token();
            $reactions.answer(count("arm", token()));
            $reactions.timeout({interval: "1s", targetState: "/Timeout"});

    state: Timeout
        script: $reactions.answer(count("timeout", $session.armed));

    state: Merge
        q!: merge *
        script:
            $parley.updateContext({h_script: token()});
            $reactions.answer(count("merge", token()));

    state: Handover
        q!: handover *
        script:
            $reactions.answer(count("handover", token()));
            $parley.handover({reason: "told to"});

    state: Close
        q!: close *
        script:
            $reactions.answer(count("close", token()));
            $parley.closeConversation();

    state: Fail
        q!: fail *
        script: throw new Error("told to");
