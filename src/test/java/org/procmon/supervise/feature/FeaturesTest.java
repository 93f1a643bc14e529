package org.procmon.supervise.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FeaturesTest {
    private final List<String> calls = new ArrayList<>();
    private final Features features = new Features();

    /** A feature that records its calls, and may fail to stop. */
    private Feature feature(String name, boolean busy, boolean fails) {
        return new Feature() {
            @Override
            public void on(Change change) {
                calls.add(name + " " + change.getClass().getSimpleName());
            }

            @Override
            public boolean isBusy() {
                return busy;
            }

            @Override
            public void stop(End end) {
                calls.add(name + " stops");
                if (fails) {
                    throw new IllegalStateException(name + " fails");
                }
            }
        };
    }

    @Test
    void reportsChangesInTheOrderOfAttachment() {
        features.attach(feature("a", false, false));
        features.attach(feature("b", false, false));
        features.on(new Change.Idle());
        assertThat(calls).containsExactly("a Idle", "b Idle");
    }

    @Test
    void stopsAllInReverseOrderAndMergesTheFailures() {
        features.attach(feature("a", false, true));
        features.attach(feature("b", false, false));
        features.attach(feature("c", false, true));
        assertThatThrownBy(() -> features.stop(Feature.End.SHUTDOWN))
                .hasMessage("c fails")
                .satisfies(failure ->
                        assertThat(failure.getSuppressed())
                                .extracting(Throwable::getMessage)
                                .containsExactly("a fails"));
        assertThat(calls).containsExactly("c stops", "b stops", "a stops");
    }

    @Test
    void isBusyAsLongAsOneIs() {
        features.attach(feature("a", false, false));
        assertThat(features.isBusy()).isFalse();
        features.attach(feature("b", true, false));
        assertThat(features.isBusy()).isTrue();
    }

    @Test
    void aDeferredFeatureLearnsOfChangesInOrderWhenTheLoopHasTime() {
        features.attach(feature("now", false, false));
        features.attach(new DeferredFeature(feature("later", false, false)));
        features.on(new Change.ShutdownStarted());
        features.on(new Change.ShutdownStarted());
        assertThat(calls).containsExactly("now ShutdownStarted", "now ShutdownStarted");
        calls.clear();
        features.on(new Change.Idle());
        assertThat(calls)
                .containsExactly(
                        "now Idle", "later ShutdownStarted", "later ShutdownStarted", "later Idle");
    }
}
