package org.procmon.supervise.feature;

import java.util.ArrayList;
import java.util.List;
import org.procmon.config.MonitorSpec;
import org.procmon.reload.plan.ChangePlan;

/**
 * All features of a monitor as one. They are called in the order in which they were attached, and
 * stopped in the reverse order. All are attached before the loop takes over.
 */
public final class Features implements Feature {
    private final List<Feature> all = new ArrayList<>();

    /** Adds a feature. */
    public void attach(Feature feature) {
        all.add(feature);
    }

    @Override
    public void on(Change change) {
        for (Feature feature : all) {
            feature.on(change);
        }
    }

    @Override
    public void start(FeatureStart start) {
        all.forEach(feature -> feature.start(start));
    }

    @Override
    public void prepare(MonitorSpec spec) {
        all.forEach(feature -> feature.prepare(spec));
    }

    @Override
    public void follow(MonitorSpec spec, ChangePlan plan) {
        all.forEach(feature -> feature.follow(spec, plan));
    }

    @Override
    public boolean isBusy() {
        return all.stream().anyMatch(Feature::isBusy);
    }

    @Override
    public void hurry() {
        all.forEach(Feature::hurry);
    }

    /**
     * Stops all of them, even if one fails.
     *
     * @throws RuntimeException the first failure, with the others as suppressed ones
     */
    @Override
    public void stop(End end) {
        RuntimeException failure = null;
        for (Feature feature : all.reversed()) {
            try {
                feature.stop(end);
            } catch (RuntimeException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
