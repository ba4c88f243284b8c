/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Who and what a case is about, so that the first claim that fails can show
 * it as it is by then: smaps and page states, for each process.
 */
#ifndef ANONMEM_CLAIM_SCENE_H
#define ANONMEM_CLAIM_SCENE_H

#include "../act/access.h"
#include "../act/peer.h"
#include "../act/range.h"

void scene_add(const char *who, const struct peer *peer, const struct range *map);
void scene_clear(void);
void scene_history(const char *commits);
void scene_show(void);
long long scene_data(long long seen);
const char *scene_zeros(const void *addr, size_t len);
void scene_show_data(void);

/* EXPECT_*() that show the scene. */
#define CLAIM_EQ(expected, seen)	EXPECT_EQ(expected, seen) scene_show()
#define CLAIM_NE(expected, seen)	EXPECT_NE(expected, seen) scene_show()
#define CLAIM_GT(expected, seen)	EXPECT_GT(expected, seen) scene_show()
#define CLAIM_GE(expected, seen)	EXPECT_GE(expected, seen) scene_show()
#define CLAIM_LT(expected, seen)	EXPECT_LT(expected, seen) scene_show()
#define CLAIM_LE(expected, seen)	EXPECT_LE(expected, seen) scene_show()
#define CLAIM_TRUE(seen)		EXPECT_TRUE(seen) scene_show()
#define CLAIM_FALSE(seen)		EXPECT_FALSE(seen) scene_show()
#define CLAIM_STREQ(expected, seen)	EXPECT_STREQ(expected, seen) scene_show()

/*
 * What is in memory or a file: a byte, the number of bytes that are wrong, or what
 * a load or a store came to, where a signal is an answer like any other. Nothing
 * that goes on meanwhile excuses what is not as it should be: see attempt_is_firm().
 */
#define CLAIM_DATA(expected, seen) \
	EXPECT_EQ(expected, scene_data(seen)) scene_show_data()

/* Memory of the caller's is zero in every byte. */
#define CLAIM_ZEROS(addr, len) \
	EXPECT_STREQ("", scene_zeros(addr, len)) scene_show_data()

/*
 * What MADV_FREE was told of is old or zero, and neither has an excuse for being
 * anything else. That none of it is zero holds as long as nothing is reclaimed.
 */
#define CLAIM_FREED(addr, len, seed)						\
	do {									\
		CLAIM_DATA(0, pattern_lost(addr, len, seed));			\
		CLAIM_EQ(0, pattern_diff(addr, len, seed));			\
	} while (0)

/*
 * What has to work for the rest to make sense, and gives 0; or any number but an
 * error. As with CLAIM_DATA(), a signal in place of that has no excuse.
 */
#define ASSERT_DONE(act)	ASSERT_EQ(0, scene_data(act)) scene_show_data()
#define ASSERT_ANSWER(seen)	ASSERT_LE(0, scene_data(seen)) scene_show_data()

/* What is counted on the way lags behind by so much, either way. */
#define CLAIM_NEAR(expected, seen, lag)						\
	do {									\
		CLAIM_LE((expected) - (lag), seen);				\
		CLAIM_GE((expected) + (lag), seen);				\
	} while (0)

#endif /* ANONMEM_CLAIM_SCENE_H */
