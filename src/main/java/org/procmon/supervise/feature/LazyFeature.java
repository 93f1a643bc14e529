package org.procmon.supervise.feature;

import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.procmon.config.MonitorSpec;
import org.procmon.config.ProcessSpec;
import org.procmon.reload.plan.ChangePlan;
import org.procmon.status.ProcessView;

/**
 * A feature that is made when a process first needs it, or when other code calls {@link #get}.
 * Until then none of its classes is loaded. Any thread.
 *
 * @param <F> the type of the feature
 */
public final class LazyFeature<F extends Feature> implements Feature {
    private final Predicate<ProcessSpec> isNeeded;
    private final Predicate<MonitorSpec> isNeededBy;
    private final Supplier<F> maker;
    private volatile @Nullable F made;

    /**
     * @param isNeeded whether a process needs the feature; must not use its classes
     * @param maker makes the feature, once
     */
    public LazyFeature(Predicate<ProcessSpec> isNeeded, Supplier<F> maker) {
        this(isNeeded, spec -> spec.processes().stream().anyMatch(isNeeded), maker);
    }

    private LazyFeature(
            Predicate<ProcessSpec> isNeeded, Predicate<MonitorSpec> isNeededBy, Supplier<F> maker) {
        this.isNeeded = isNeeded;
        this.isNeededBy = isNeededBy;
        this.maker = maker;
    }

    /**
     * A feature that a configuration needs as a whole.
     *
     * @param isNeededBy whether a configuration needs it; must not use its classes
     * @param maker makes the feature, once
     */
    public static <F extends Feature> LazyFeature<F> ofConfiguration(
            Predicate<MonitorSpec> isNeededBy, Supplier<F> maker) {
        return new LazyFeature<>(_ -> false, isNeededBy, maker);
    }

    /** The feature; made now, if it does not exist yet. */
    public F get() {
        F known = made;
        return known == null ? make() : known;
    }

    private synchronized F make() {
        F known = made;
        if (known == null) {
            known = maker.get();
            made = known;
        }
        return known;
    }

    /** The feature, if it exists. */
    public Optional<F> made() {
        return Optional.ofNullable(made);
    }

    @Override
    public void on(Change change) {
        F known = made;
        if (known != null) {
            known.on(change);
        } else if (needs(change)) {
            make().on(change);
        }
    }

    private boolean needs(Change change) {
        if (change instanceof Change.Transition transition) {
            return isNeeded.test(transition.after().spec());
        }
        return change instanceof Change.Reconfigured reconfigured
                && isNeeded.test(reconfigured.process().spec());
    }

    @Override
    public void start(FeatureStart start) {
        boolean isNeededByRun =
                start.supervisor().snapshot().processes().stream()
                        .map(ProcessView::spec)
                        .anyMatch(isNeeded);
        if (made != null || isNeededByRun || isNeededBy.test(start.spec())) {
            get().start(start);
        }
    }

    @Override
    public void prepare(MonitorSpec spec) {
        ifMade(feature -> feature.prepare(spec));
    }

    @Override
    public void follow(MonitorSpec spec, ChangePlan plan) {
        if (made != null || isNeededBy.test(spec)) {
            get().follow(spec, plan);
        }
    }

    @Override
    public boolean isBusy() {
        F known = made;
        return known != null && known.isBusy();
    }

    @Override
    public void hurry() {
        ifMade(Feature::hurry);
    }

    @Override
    public void stop(End end) {
        ifMade(feature -> feature.stop(end));
    }

    private void ifMade(Consumer<Feature> action) {
        F known = made;
        if (known != null) {
            action.accept(known);
        }
    }
}
