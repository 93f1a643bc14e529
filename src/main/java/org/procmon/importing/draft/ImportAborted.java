package org.procmon.importing.draft;

/** Aborts an import, with its result. */
public final class ImportAborted extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient ImportResult result;

    private ImportAborted(ImportResult result, String reason) {
        super(reason);
        this.result = result;
    }

    /** A line cannot be understood. */
    public static ImportAborted at(SourceLocation sourceLocation, String reason) {
        String legible = PrintableText.of(reason);
        return new ImportAborted(
                new ImportResult.Refused(sourceLocation.file(), sourceLocation.line(), legible),
                legible);
    }

    /** A file cannot be read. */
    static ImportAborted unreadable(ImportResult.Unreadable result) {
        return new ImportAborted(result, result.reason());
    }

    public ImportResult result() {
        return result;
    }
}
