init:
    // The best of all, whatever list it stands in.
    bind("selectNLUResult", function($context) {
        var all = $context.nluResults.patterns.concat($context.nluResults.intents);
        $context.nluResults.selected = _.max(all, function(one) { return one.score; });
    });

theme: /

    state: Cake
        q!: * cake *
        a: We have three cakes.

    state: Order
        intent!: /Order
        a: A cake is ordered.
