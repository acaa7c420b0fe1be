theme: /
    state: A
        script:
            if (a) {
                b();
        }
        a: the brace above is code
        script: if (x) { y(); } else { z("a: b"); }
        script: first();
            second();
        scriptEs6:
            const x = await fetch("http://x");
            label:
            for (;;) { break label; }
        go!: /A
    state: B
        script:
            object = {
        url: 1,
        default: 2
            };
        stat: C
            a: misspelt after code
init:
    // at the margin
    var top = {
        a: 1
    };
theme: /Next
