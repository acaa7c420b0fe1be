init:
    bind("onScriptError", function($context) {
        if ($context.exception.code === "SOLD_OUT") {
            $reactions.answer("Sold out: " + $context.exception.what + ".");
        }
    });
    bind("onAnyError", function($context) {
        $reactions.answer("That failed in " + $context.currentState + ".");
    }, "/Shop");

theme: /

    state: Shop
        q!: shop
        script: $session.visits = ($session.visits || 0) + 1;
        a: Visit {{ $session.visits }}.

        state: Buy
            q: buy
            script:
                $session.visits = 100;
                $reactions.answer("Never sent.");
                throw {code: "SOLD_OUT", what: "tea"};

        state: Steal
            q: steal
            script: no.such.thing();

    state: Outside
        q!: outside
        script: throw new Error("rain");

    # An endless loop ends at the limit of running time; no catch holds it.
    state: Loop
        q!: loop
        script:
            try {
                for (;;) {}
            } catch (e) {
                $reactions.answer("Never said.");
            }
