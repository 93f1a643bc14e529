import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A table in Markdown: one row per figure, one column per program, the ratio to procmon beside each
 * peer's.
 */
final class Table {
    /** Who may be in a column, and how it comes here if it is missing. */
    record Column(String title, boolean present) {}

    private final String heading;
    private final List<Column> columns;
    private final List<List<String>> rows = new ArrayList<>();

    Table(String heading, List<Column> columns) {
        this.heading = heading;
        this.columns = columns;
        List<String> titles = new ArrayList<>(List.of("figure", "procmon", "target"));
        columns.forEach(column -> titles.add(column.title() + " (ratio)"));
        rows.add(titles);
    }

    /** A table with a column for each peer. */
    static Table ofPeers(String heading, List<Peer> peers) {
        return new Table(
                heading,
                peers.stream().map(peer -> new Column(peer.title(), peer.installed())).toList());
    }

    /**
     * A figure: the unit's format, procmon's value, the target in words, and the others' by their
     * titles.
     */
    void row(
            String figure,
            String format,
            double procmon,
            String target,
            Map<String, Double> others) {
        note(figure, format, procmon);
        if (others.containsKey(Peer.PAIR.title())) {
            note(figure + ", " + Peer.PAIR.title(), format, others.get(Peer.PAIR.title()));
        }
        List<String> row = new ArrayList<>(List.of(figure, format.formatted(procmon), target));
        for (Column column : columns) {
            Double other = others.get(column.title());
            if (!column.present()) {
                row.add("ABSENT");
            } else if (other == null) {
                row.add("-");
            } else {
                String ratio =
                        procmon == 0
                                ? "-"
                                : (other / procmon < 10 ? "%.2f" : "%.0f")
                                        .formatted(other / procmon);
                row.add("%s (%s)".formatted(format.formatted(other), ratio));
            }
        }
        rows.add(row);
    }

    /** A target with the verdict. */
    static String target(String words, boolean met) {
        return words + (met ? ": met" : ": MISSED");
    }

    /** For the comparison of two builds, where the tables of each are not shown. */
    private static void note(String figure, String format, double value) {
        if (Bench.comparesBuilds()) {
            Against.note(figure, format, value);
        }
    }

    void print() {
        if (!Bench.comparesBuilds()) {
            print(heading, rows);
        }
    }

    /** Prints rows, of which the first has the titles. */
    static void print(String heading, List<List<String>> rows) {
        int[] widths = new int[rows.getFirst().size()];
        rows.forEach(
                row -> {
                    for (int i = 0; i < widths.length; i++) {
                        widths[i] = Math.max(widths[i], row.get(i).length());
                    }
                });
        List<String> rule = new ArrayList<>();
        for (int width : widths) {
            rule.add("-".repeat(width));
        }
        List<List<String>> all = new ArrayList<>(rows);
        all.add(1, rule);
        System.out.println("\n" + heading + "\n");
        for (List<String> row : all) {
            StringBuilder line = new StringBuilder("|");
            for (int i = 0; i < widths.length; i++) {
                line.append(" %-".concat(widths[i] + "s |").formatted(row.get(i)));
            }
            System.out.println(line);
        }
    }
}
