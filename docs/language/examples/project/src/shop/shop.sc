init:
    // $injector of the code that runs at load is that of this file.
    $global.branchCurrency = $injector.currency;

theme: /Shop

    state: Price
        q!: price
        a: Two {{ branchCurrency }}s.
