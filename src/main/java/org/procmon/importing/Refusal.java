package org.procmon.importing;

/** Ends an import early, with its result. */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient ImportResult result;

    private Refusal(ImportResult result, String reason) {
        super(reason);
        this.result = result;
    }

    /** Something cannot be understood. */
    static Refusal at(Spot spot, String reason) {
        String legible = Legible.of(reason);
        return new Refusal(new ImportResult.Refused(spot.file(), spot.line(), legible), legible);
    }

    /** A file cannot be read. */
    static Refusal unreadable(ImportResult.Unreadable result) {
        return new Refusal(result, result.reason());
    }

    ImportResult result() {
        return result;
    }
}
