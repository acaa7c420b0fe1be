# Requiring this file switches on slot filling: script-api 4.5. Where a matched
# intent lacks a required slot, the engine asks for it. Parameters are below
# $injector.slotfilling: maxSlotRetries, stopOnAnyIntent, stopOnAnyIntentThreshold.

theme: /SlotFilling

    state: Asking || noContext = true
