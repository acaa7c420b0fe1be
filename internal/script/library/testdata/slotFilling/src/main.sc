require: slotfilling/slotFilling.sc
    module = sys.zb-common

theme: /

    state: Table
        intent!: /Table
        a: A table for {{ $parseTree._guests }}.

    state: CatchAll
        event!: noMatch
        a: Sorry?
