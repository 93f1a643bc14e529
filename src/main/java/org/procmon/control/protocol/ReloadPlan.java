package org.procmon.control.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.procmon.status.fields.Field;
import org.procmon.status.fields.FieldTable;
import org.procmon.status.fields.FieldType;

/** What a reload does, or would do. What each value means is in its table. */
public record ReloadPlan(
        List<Change> changes, int unchanged, List<String> atOnce, List<String> later) {
    public ReloadPlan {
        changes = List.copyOf(changes);
        atOnce = List.copyOf(atOnce);
        later = List.copyOf(later);
    }

    private static final FieldTable.Builder<ReloadPlan> T = new FieldTable.Builder<>("Plan");

    private static final Field<ReloadPlan, List<Change>> CHANGES =
            T.field("changes", FieldType.objects(Change.TABLE), ReloadPlan::changes)
                    .means("the processes that change");

    private static final Field<ReloadPlan, Integer> UNCHANGED =
            T.field("unchanged", FieldType.INT, ReloadPlan::unchanged)
                    .means("how many others there are");

    private static final Field<ReloadPlan, List<String>> AT_ONCE =
            T.field("at_once", FieldType.TEXTS.optional(), plan -> orNull(plan.atOnce))
                    .means("changed keys of the monitor itself that take effect now");

    private static final Field<ReloadPlan, List<String>> LATER =
            T.field("later", FieldType.TEXTS, ReloadPlan::later)
                    .means("those that take effect after an upgrade or a restart of the monitor");

    /** The keys of a plan. */
    public static final FieldTable<ReloadPlan> TABLE =
            T.table(values ->
                    new ReloadPlan(
                            values.get(CHANGES),
                            values.get(UNCHANGED),
                            values.get(AT_ONCE),
                            values.get(LATER)));

    private static @Nullable List<String> orNull(List<String> texts) {
        return texts.isEmpty() ? null : texts;
    }

    /** The change of one process. */
    public record Change(String name, String action, List<String> keys, List<String> besides) {
        public Change {
            keys = List.copyOf(keys);
            besides = List.copyOf(besides);
        }

        private static final FieldTable.Builder<Change> T = new FieldTable.Builder<>("Change");

        private static final Field<Change, String> NAME =
                T.field("name", FieldType.TEXT, Change::name).means("the name of the process");

        private static final Field<Change, String> ACTION =
                T.field("action", FieldType.word("Action"), Change::action)
                        .means("`live`, `restart`, `start` or `stop`");

        private static final Field<Change, List<String>> KEYS =
                T.field("keys", FieldType.TEXTS, Change::keys)
                        .means("its changed keys; for a restart, only those that require it");

        private static final Field<Change, List<String>> BESIDES =
                T.field("besides", FieldType.TEXTS.optional(), change -> orNull(change.besides))
                        .means("the other changed keys of a process that is restarted");

        /** The keys of a change. */
        public static final FieldTable<Change> TABLE =
                T.table(values ->
                        new Change(
                                values.get(NAME),
                                values.get(ACTION),
                                values.get(KEYS),
                                values.get(BESIDES)));
    }
}
